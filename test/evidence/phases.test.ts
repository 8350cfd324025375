import { expect } from 'chai';
import {
  canBeLarge,
  nodePhases,
  podPhases,
  remainingPhases,
  scriptArguments,
  triage,
  triagePhases,
  volatilePhases,
} from '../../src/evidence/phases.ts';
import { scriptText } from '../../src/collector/scripts.ts';

const subject = { uid: 'u', containers: ['c'], logs: 'ns_pod_u', memory: [17] };
const full = { ...triage, depth: 'full' } as const;

describe('phases', () => {
  it('are scripts, all but the one that asks the API server', () => {
    for (const phase of new Set([...nodePhases, ...podPhases]))
      if (phase !== 'cluster') expect(scriptText(phase)).to.include('# shellcheck shell=sh');
  });

  it('of a response are those of a triage, the most volatile first, the executables twice', () => {
    expect([...volatilePhases, ...remainingPhases].filter((phase) => phase !== 'executables')).to.deep.equal(
      triagePhases.filter((phase) => phase !== 'executables'),
    );
    expect(volatilePhases).to.include('executables');
    expect(remainingPhases).to.include('executables');
  });

  it('get what is chosen as arguments', () => {
    expect(scriptArguments('logs', triage, undefined)).to.deep.equal(['take', 'triage', '0', '4294967296']);
    expect(
      scriptArguments('logs', { ...full, sinceMinutes: 5, mostBytes: 7 }, subject, 'measure'),
    ).to.deep.equal(['measure', 'full', '5', '7', 'ns_pod_u']);
    expect(scriptArguments('memory', full, subject)).to.deep.equal(['take', 'u', '4294967296', '17']);
    expect(scriptArguments('config', { ...full, secrets: true }, undefined)).to.deep.equal(['secrets']);
    expect(scriptArguments('filesystem', { ...full, secrets: true }, undefined)).to.deep.equal([
      ...['268435456', 'secrets'],
    ]);
    expect(scriptArguments('filesystem', full, undefined)).to.deep.equal(['268435456']);
    expect(scriptArguments('runtime', full, subject)).to.deep.equal(['u', 'c']);
    expect(scriptArguments('executables', full, undefined)).to.deep.equal(['all']);
    expect(scriptArguments('executables', full, subject)).to.deep.equal(['only', 'u']);
  });

  it('are asked about when they may be large', () => {
    expect(nodePhases.filter((phase) => canBeLarge(phase, full))).to.deep.equal(['logs']);
    expect(nodePhases.filter((phase) => canBeLarge(phase, triage))).to.deep.equal([]);
    expect(canBeLarge('memory', triage)).to.equal(true);
  });
});

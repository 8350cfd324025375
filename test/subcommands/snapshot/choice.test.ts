import { expect } from 'chai';
import { nodePhases, triagePhases } from '../../../src/evidence/phases.ts';
import { parseChoice, parseProfile } from '../../../src/subcommands/snapshot/choice.ts';

const now = new Date('2026-11-25T12:00:00Z');
const flags = { since: undefined, 'max-size': undefined, 'include-secrets': false, yes: false };
const profiles = { triage: triagePhases, full: nodePhases };

describe('what is chosen of a snapshot', () => {
  it('counts ages and times in minutes', () => {
    const since = (text: string): number => parseChoice('full', { ...flags, since: text }, now).sinceMinutes;
    expect([since('90m'), since('36h'), since('7d'), since('2026-11-25T11:00:30Z')]).to.deep.equal([
      90, 2160, 10_080, 60,
    ]);
    expect(parseChoice('triage', flags, now)).to.deep.equal({
      depth: 'triage',
      sinceMinutes: 0,
      mostBytes: 2 ** 32,
      secrets: false,
    });
  });

  it('is a profile, or parts in the order of volatility, which are taken in full', () => {
    expect(parseProfile('triage', profiles)).to.deep.equal({ depth: 'triage', phases: triagePhases });
    expect(parseProfile('full', profiles).phases).to.deep.equal(nodePhases);
    expect(parseProfile('logs,config', profiles)).to.deep.equal({
      depth: 'full',
      phases: ['envelope', 'config', 'logs'],
    });
  });
});

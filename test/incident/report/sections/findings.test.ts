import { expect } from 'chai';
import { findingsSection, matrixOf } from '../../../../src/incident/report/sections/findings.ts';
import { noFindings } from '../../../../src/incident/report/read/findings.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('findingsSection', () => {
  const sample = sampleReport();

  it('has all that is needed to believe, doubt and act', () => {
    const text = saidBy(findingsSection(sample, 'all'));
    for (const part of [
      '2 critical. 40 judgements made, 2 could not be made.',
      '| **CRITICAL** | high | a shell | `prod/web/main pid 7 /bin/sh` | node-a |',
      'The first 1 of 2 findings; all of them: kubectl ir findings ir-1',
      'How sure: high. It would be refuted by: the owner',
      'Techniques: T1059.004 Unix Shell, T1611 Escape to Host',
      '- `acquisition-1 #3` `[root]/proc/7/stat`: pid 7',
      '- `kubectl ir show ir-1 sockets`',
    ])
      expect(text).to.contain(part);
  });

  it('says no more than it knows without findings', () => {
    const { findings } = sample;
    const none = { ...findings, found: { ...findings.found, items: [], total: 0 } };
    expect(saidBy(findingsSection({ ...sample, findings: none }, 'all'))).to.contain(
      'no proof that nothing happened',
    );
    expect(saidBy(findingsSection({ ...sample, findings: noFindings('why', 'ir-1') }, 'all'))).to.contain(
      'No rule was held against the evidence: why.',
    );
  });

  it('has techniques in each of their tactics', () => {
    const { rows } = matrixOf(sample.findings);
    expect(rows.map(({ tactic, cells }) => [tactic, cells.map(({ id }) => id)])).to.deep.equal([
      ['Execution', ['T1059.004']],
      ['Privilege Escalation', ['T1611']],
    ]);
  });
});

import { expect } from 'chai';
import { custodySection } from '../../../../src/incident/report/sections/custody.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('custodySection', () => {
  const sample = sampleReport();

  it('has the commands that check a sealed and signed case, and who did what', () => {
    const text = saidBy(custodySection(sample));
    for (const part of [
      '`sha512sum --strict --quiet -c manifest-sha512.txt`',
      'ssh-keygen -Y verify',
      'ssh-ed25519 SHA256:abc',
      '**BROKEN** The chain of custody is broken: line 3 does not follow.',
      '| 1 | 2026-11-22 04:15:00 UTC | jane@laptop | open | ir-1 | done |',
      '1 item may hold credentials',
      '12 ms (to 3 ms)',
      "| `acquisition-3` | acquisition.json can't be read (EACCES) |",
    ])
      expect(text).to.contain(part);
  });

  it('promises nothing of a case that is open', () => {
    const head = { ...sample.case.head, file: 'data/custody.jsonl' };
    const open = { ...sample, case: { ...sample.case, head, state: 'open' as const, signatures: [] } };
    const text = saidBy(custodySection(open));
    expect(text)
      .to.contain('not sealed, so nothing protects it yet')
      .and.contain('tail -n 1 data/custody.jsonl');
    expect(text).not.to.contain('sha512sum').and.not.contain('ssh-keygen');
  });
});

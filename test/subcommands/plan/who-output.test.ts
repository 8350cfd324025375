import { expect } from 'chai';
import { gapText, whoTable, waysText } from '../../../src/subcommands/plan/who-output.ts';

describe('whoTable', () => {
  it('says from when somebody is next only where that is not the end of the one before', () => {
    const call = { order: 1, name: 'Ann', reach: [], via: ['rota/a'], until: '2026-11-30T08:00:00Z' };
    const table = whoTable(
      [
        { ...call, next: { name: 'Bob', from: '2026-11-30T08:00:00Z' } },
        { ...call, order: 2, next: { name: 'Bob', from: '2026-12-01T08:00:00Z' } },
      ],
      false,
    );
    expect(table.split('\n').slice(1)).to.deep.equal([
      '1      Ann    the plan does not say   -            2026-11-30 08:00   Bob                         rota/a',
      '2      Ann    the plan does not say   -            2026-11-30 08:00   Bob from 2026-12-01 08:00   rota/a',
    ]);
  });

  it('writes ways and gaps in one line', () => {
    expect(waysText([{ by: 'phone', at: '1' }])).to.equal('phone 1');
    expect(gapText({ reference: 'rota/a\u001b', why: 'nobody is on call' })).to.equal(
      'rota/a\\x1b: nobody is on call',
    );
  });
});

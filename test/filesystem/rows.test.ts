import { expect } from 'chai';
import type { Row } from '../../src/filesystem/rows.ts';
import { clock, merged } from '../../src/filesystem/rows.ts';

async function* source(...rows: readonly (readonly [number, string])[]): AsyncGenerator<Row, void> {
  await Promise.resolve();
  for (const [rank, time] of rows) yield { rank, time, cells: [`${rank}${time}`] };
}

describe('the rows of a diff', () => {
  it('come from all containers in one order', async () => {
    const cells: string[] = [];
    for await (const row of merged([
      source([9, 'b'], [5, 'a']),
      source(),
      source([9, 'a'], [9, 'c'], [1, '']),
    ]))
      cells.push(...row.cells);
    expect(cells).to.deep.equal(['9a', '9b', '9c', '5a', '1']);
  });
  it('show a time without its year, and odd ones as they are', () => {
    expect(clock('2026-11-22T04:12:07.112345678Z')).to.equal('11-22 04:12:07.112');
    expect([clock('@123'), clock(undefined)]).to.deep.equal(['@123', '-']);
  });
});

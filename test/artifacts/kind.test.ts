import { expect } from 'chai';
import { kind } from '../../src/artifacts/kind.ts';

const one = kind<{ a?: Buffer; b: number; c: readonly (string | Buffer)[] }>(
  'things',
  'x',
  ['group'],
  { A: ({ a }) => a, B: ({ b }) => b, C: ({ c }) => c },
  { wide: ['C'] },
);

function cells(record: object): string[] {
  return one.columns.map((column) => column.text(record));
}

describe('kind', () => {
  it('makes cells safe for a terminal', () => {
    expect(cells({ a: Buffer.from('x\u001b[2J\n'), b: 7, c: ['p', Buffer.from([0xff])] })).to.deep.equal([
      'x\\x1b[2J\\x0a',
      '7',
      'p \\xff',
    ]);
    expect(cells({ b: 0, c: [] })).to.deep.equal(['-', '0', '-']);
    expect(one.columns.map(({ wide }) => wide)).to.deep.equal([undefined, undefined, true]);
  });

  it('cuts what is too long for a line', () =>
    expect(cells({ a: Buffer.alloc(1_000_000, 'x'), b: 1, c: [] })[0]).to.equal(`${'x'.repeat(200)}...`));
});

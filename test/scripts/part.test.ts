import { expect } from 'chai';
import { partOf } from '../../scripts/part.ts';

describe('parts', () => {
  const all = [0, 1, 2, 3, 4, 5, 6];

  it('hold everything once, whatever their number', () => {
    for (let n = 1; n <= 9; n += 1) {
      const parts = Array.from({ length: n }, (_, i) => partOf(all, `${i + 1}/${n}`) ?? []);
      expect(parts.flat().sort(), `${n} parts`).to.deep.equal(all);
    }
  });

  it('are of about one size', () => {
    expect(['1/3', '2/3', '3/3'].map((part) => partOf(all, part))).to.deep.equal([
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
  });

  for (const wrong of ['', '1', '0/2', '3/2', '1/0', '1/2/3', 'a/b', '1.5/2'])
    it(`"${wrong}" is none`, () => {
      expect(partOf(all, wrong)).to.equal(undefined);
    });
});

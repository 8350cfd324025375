import { expect } from 'chai';
import { lanesFor, planParts } from '../../../src/evidence/storage/part-size.ts';

const mebibyte = 2 ** 20;

describe('planParts', () => {
  it('keeps within what S3 allows, and within memory as long as that is possible', () => {
    for (const most of [0, 2 ** 30, 20 * 2 ** 30, 2 ** 40, 5 * 2 ** 40]) {
      const { partSize, lanes } = planParts(most);
      expect(Math.ceil(most / partSize)).to.be.at.most(10_000);
      expect(partSize)
        .to.be.at.least(5 * mebibyte)
        .and.at.most(5 * 2 ** 30);
      expect(partSize % mebibyte).to.equal(0);
      if (most <= 20 * 2 ** 30) expect((lanes + 1) * partSize).to.be.at.most(48 * mebibyte);
    }
  });

  it('has at least one part under way', () => {
    expect([lanesFor(8 * mebibyte), lanesFor(16 * mebibyte), lanesFor(600 * mebibyte)]).to.deep.equal([
      4, 2, 1,
    ]);
  });
});

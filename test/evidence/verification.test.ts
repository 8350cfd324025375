import { expect } from 'chai';
import { Problems } from '../../src/evidence/verification.ts';

describe('Problems', () => {
  it('counts all and keeps the first hundred', () => {
    const problems = new Problems();
    for (let at = 0; at < 150; at += 1) problems.add(`${at}`, 'is wrong');
    expect([problems.count, problems.kept.length, problems.kept[0]]).to.deep.equal([
      150,
      100,
      { where: '0', what: 'is wrong' },
    ]);
  });
});

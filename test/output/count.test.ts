import { expect } from 'chai';
import { formatCount } from '../../src/output/count.ts';

describe('formatCount', () => {
  it('has the singular for one alone', () => {
    const texts = [0, 1, 2].map((number) => formatCount(number, 'finding'));
    expect(texts).to.deep.equal(['0 findings', '1 finding', '2 findings']);
    const others = [1, 2].map((number) => formatCount(number, 'line is none', 'lines are none'));
    expect(others).to.deep.equal(['1 line is none', '2 lines are none']);
  });
});

import { expect } from 'chai';
import { excerpt, restOf } from '../../../src/incident/report/excerpt.ts';

describe('excerpt', () => {
  it('says how many there are and what shows them, when it has not all', () => {
    expect(restOf(excerpt([1, 2, 3], 2, 'show'), 'numbers')).to.equal(
      'The first 2 of 3 numbers; all of them: show',
    );
    expect(restOf(excerpt([1, 2], 2, 'show'), 'numbers')).to.equal(undefined);
  });
});

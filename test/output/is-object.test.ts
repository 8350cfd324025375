import { expect } from 'chai';
import { isObject } from '../../src/output/is-object.ts';

describe('isObject', () => {
  it('takes what has members by names, and no list, null or other value', () => {
    expect([{}, { a: 1 }].every(isObject)).to.equal(true);
    expect([null, undefined, [], ['a'], 'a', 1, true].some(isObject)).to.equal(false);
  });
});

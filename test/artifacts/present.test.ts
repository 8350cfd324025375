import { expect } from 'chai';
import { present } from '../../src/artifacts/present.ts';

describe('present', () => {
  it('leaves out what is undefined, and nothing else', () =>
    expect(present({ a: undefined, b: 0, c: '', d: false })).to.deep.equal({ b: 0, c: '', d: false }));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { anyText } from './any-text.ts';

describe('any text', () => {
  const texts = fc.sample(anyText(), { numRuns: 3000, seed: 1 });

  it('is well-formed, and has characters of every length in UTF-8', () => {
    expect(texts.every((text) => Buffer.from(text).toString() === text)).to.equal(true);
    const lengths = new Set(texts.flatMap((text) => Array.from(text, (one) => Buffer.byteLength(one))));
    expect([...lengths].sort()).to.deep.equal([1, 2, 3, 4]);
  });

  it('has the first and last characters beside the halves of pairs, and of all', () => {
    const points = new Set(texts.flatMap((text) => Array.from(text, (one) => one.codePointAt(0))));
    expect(points).to.include(0).and.to.include(0x10ffff);
  });

  it('has the names that an object has already', () => {
    expect(texts.some((text) => text.includes('__proto__'))).to.equal(true);
  });

  it('is no longer than it may be', () => {
    const short = fc.sample(anyText({ maxLength: 3 }), { numRuns: 100, seed: 1 });
    expect(short.every((text) => Array.from(text).length <= 3)).to.equal(true);
  });
});

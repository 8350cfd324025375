import { expect } from 'chai';
import {
  areOneOf,
  isOneOf,
  optional,
  optionalNumber,
  optionalTable,
  optionalTexts,
} from '../../src/incident/fields.ts';

describe('fields', () => {
  it('are picked when they are there and of the right type', () => {
    expect(optional({ a: 'x', c: 'y' }, 'a', 'b')).to.deep.equal({ a: 'x' });
    expect(optional({ a: 'x', b: 1 }, 'a', 'b')).to.equal(undefined);
    expect(optional({ a: null }, 'a')).to.equal(undefined);
    expect(optionalNumber({ a: 0 }, 'a')).to.deep.equal({ a: 0 });
    expect(optionalNumber({ a: Infinity }, 'a')).to.equal(undefined);
    expect(optionalTexts({ a: [] }, 'a')).to.deep.equal({ a: [] });
    expect(optionalTexts({ a: ['x', 1] }, 'a')).to.equal(undefined);
    expect(optionalTable({ a: { b: 'x' } }, 'a')).to.deep.equal({ a: { b: 'x' } });
    expect(optionalTable({ a: ['x'] }, 'a')).to.equal(undefined);
  });

  it('are only those of the object itself', () => {
    expect(optional({}, 'toString', '__proto__')).to.deep.equal({});
    expect(isOneOf(['a', 'b'], 'toString')).to.equal(false);
    expect([areOneOf(['a'], ['a', 'a']), areOneOf(['a'], ['a', 'b'])]).to.deep.equal([true, false]);
  });
});

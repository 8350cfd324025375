import { expect } from 'chai';
import {
  booleanOf,
  jsonObject,
  jsonValue,
  labelsOf,
  listOf,
  membersBut,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../../src/artifacts/json.ts';

describe('members of JSON', () => {
  it('are what they should be, or nothing', () => {
    expect(jsonObject('{"a":1}')).to.deep.equal({ a: 1 });
    for (const text of ['', '[1]', 'null', '"a"', '{', '{"a":1}x'])
      expect(jsonObject(text)).to.equal(undefined);
    expect([objectOf([]), objectOf(null), objectOf('a')]).to.deep.equal([undefined, undefined, undefined]);
    expect([listOf('ab'), listOf({ length: 1 }), listOf([1])]).to.deep.equal([[], [], [1]]);
    expect(objectsOf([{ a: 1 }, 1, null, []])).to.deep.equal([{ a: 1 }]);
    expect([textOf(1), textOf('a'), textsOf(['a', 1, null])]).to.deep.equal([undefined, 'a', ['a']]);
    expect([numberOf('1'), numberOf(1), booleanOf(1), booleanOf(true)]).to.deep.equal([
      undefined,
      1,
      undefined,
      true,
    ]);
    expect([jsonValue('[1]'), jsonValue('{')]).to.deep.equal([[1], undefined]);
    expect(labelsOf({ a: 'x', b: 1, c: null })).to.deep.equal({ a: 'x' });
    expect(membersBut({ a: 1, b: 2 }, 'b', 'c')).to.deep.equal({ a: 1 });
  });
});

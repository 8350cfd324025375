import { expect } from 'chai';
import fc from 'fast-check';
import { calicoSelector } from '../../../src/containment/facts/calico-selector.ts';

describe('calicoSelector', () => {
  const labels = { app: 'shop', tier: 'web-1', 'kubectl-ir/pod-uid': 'u' };
  const cases: readonly [string, boolean][] = [
    ['', true],
    ['all()', true],
    ['!all()', false],
    ['global()', false],
    ["app == 'shop'", true],
    ['app == "other"', false],
    ["none != 'x'", true],
    ["app!='shop'", false],
    ['has(tier) && !has(none)', true],
    ["tier starts with 'web' && tier ends with '-1' && tier contains 'b-'", true],
    ["none contains ''", false],
    ["app in { 'a', 'shop' }", true],
    ["app not in {'a','shop'}", false],
    ["none not in {'a'}", true],
    ["app == 'x' || has(app) && tier == 'web-1'", true],
    ["(app == 'x' || has(app)) && tier == 'x'", false],
    ["!(app == 'x')", true],
    ["kubectl-ir/pod-uid == 'u'", true],
  ];
  for (const [text, expected] of cases)
    it(`says ${expected} to ${text || 'nothing'}`, () => {
      expect(calicoSelector(text)?.matches(labels)).to.equal(expected);
    });

  it('names the labels that it looks at', () => {
    expect(calicoSelector("a == 'x' && has(b) || c in {'1'}")?.keys).to.deep.equal(['a', 'b', 'c']);
  });

  it('does not read what is none of the language, nor what is too long or too deep', () => {
    const hostile = [
      "app = 'shop'",
      'app',
      'has(',
      "( ) app == 'shop'",
      "a == 'x' b",
      "a == 'x",
      '\u001b[2J',
      '&&',
    ];
    for (const text of [...hostile, '('.repeat(500), '!'.repeat(5_000)])
      expect(calicoSelector(text), text).to.equal(undefined);
    fc.assert(fc.property(fc.string(), (text) => void calicoSelector(text)?.matches(labels)));
  });
});

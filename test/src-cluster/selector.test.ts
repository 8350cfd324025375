import { expect } from 'chai';
import { selectorKeys, selects, without } from '../../src/cluster/selector.ts';

describe('selects', () => {
  const labels = { app: 'shop', tier: 'web' };
  const cases: readonly [string, Parameters<typeof selects>[0], boolean][] = [
    ['the empty selector', {}, true],
    ['equal labels', { matchLabels: { app: 'shop' } }, true],
    ['another value', { matchLabels: { app: 'cart' } }, false],
    ['a label of Object.prototype', { matchLabels: { constructor: 'shop' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'shop'] }] }, true],
    ['In without the label', { matchExpressions: [{ key: 'x', operator: 'In', values: ['a'] }] }, false],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['shop'] }] }, false],
    ['NotIn without the label', { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['a'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    ['DoesNotExist', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
    ['an operator nobody knows', { matchExpressions: [{ key: 'x', operator: 'Gt' }] }, true],
  ];
  for (const [name, selector, expected] of cases)
    it(`${name}: ${expected}`, () => {
      expect(selects(selector, labels)).to.equal(expected);
    });

  it('knows its keys and takes labels away', () => {
    const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] };
    expect(selectorKeys(selector)).to.deep.equal(['app', 'tier']);
    expect(without(labels, ['app'])).to.deep.equal({ tier: 'web' });
  });
});

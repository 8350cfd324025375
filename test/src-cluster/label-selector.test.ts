import { expect } from 'chai';
import { selectorText } from '../../src/cluster/label-selector.ts';

describe('a label selector as text', () => {
  it('has all requirements', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'env', operator: 'NotIn', values: ['test'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist' },
    ];
    expect(selectorText({ matchLabels: { app: 'shop', team: 'web' }, matchExpressions })).to.equal(
      'app=shop,team=web,tier in (a,b),env notin (test),x,!y',
    );
  });

  it('is none that selects everything or can not be understood', () => {
    expect(selectorText({})).to.equal(undefined);
    expect(
      selectorText({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'x', operator: 'Gt' }] }),
    ).to.equal(undefined);
  });
});

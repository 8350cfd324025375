import { expect } from 'chai';
import fc from 'fast-check';
import { nearestName } from '../../src/cluster/nearest.ts';

describe('nearestName', () => {
  const names = ['shop-6556d99f86-xlvnc', 'billing-7d9f-abcde', 'shop-db-0', 'coredns-1'];
  const cases = [
    ['shopp', 'shop-6556d99f86-xlvnc'],
    ['shpo', 'shop-6556d99f86-xlvnc'],
    ['shop-dv', 'shop-db-0'],
    ['shop-6556d99f86-xlvnd', 'shop-6556d99f86-xlvnc'],
    ['biling', 'billing-7d9f-abcde'],
    ['completely-else', undefined],
    ['x', undefined],
  ] as const;
  for (const [wanted, name] of cases) {
    it(`${wanted} means ${name ?? 'nothing'}`, () => {
      expect(nearestName(wanted, names)).to.equal(name);
    });
  }

  it('finds a name that is there, whatever the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (list) => {
        const wanted = list[0] ?? '';
        expect(nearestName(wanted, list)).to.equal(wanted);
        expect(nearestName(wanted, [...list].reverse())).to.equal(wanted);
      }),
    );
  });

  it('takes the first in the alphabet of two that are as near', () => {
    expect(nearestName('ab', ['ac', 'aa'])).to.equal('aa');
  });
});

import { expect } from 'chai';
import { overlaps, settle, type Shift } from '../../../src/incident/plan/shift.ts';

const claim = (person: string, from: number, to: number): Shift => ({ person, from, to });

describe('settle', () => {
  it('gives what several claim to the last, and joins what one person has', () => {
    const claims = [claim('ann', 0, 10), claim('bob', 4, 6), claim('ann', 10, 12), claim('cho', 20, 21)];
    expect(settle(claims)).to.deep.equal([
      claim('ann', 0, 4),
      claim('bob', 4, 6),
      claim('ann', 6, 12),
      claim('cho', 20, 21),
    ]);
  });

  it('takes a hundred thousand claims on one night', function () {
    this.timeout(5000);
    const claims = Array.from({ length: 100_000 }, (_, i) => claim(`p${i}`, i, 200_000 - i));
    const shifts = settle(claims);
    expect(shifts.length).to.equal(199_999);
    expect(shifts[100_000]).to.deep.equal(claim('p99998', 100_001, 100_002));
  });

  it('leaves out claims of no length', () => {
    expect(settle([claim('ann', 3, 3), claim('bob', 1, 5)])).to.deep.equal([claim('bob', 1, 5)]);
  });
});

describe('overlaps', () => {
  it('finds every claim that begins while somebody else has it, behind one of the same person too', () => {
    const claims = [claim('ann', 0, 100), claim('bob', 10, 12), claim('ann', 50, 60), claim('bob', 55, 56)];
    expect(overlaps(claims)).to.deep.equal([
      { places: [0, 1], from: 10, to: 12 },
      { places: [0, 3], from: 55, to: 56 },
    ]);
    expect(overlaps([claim('ann', 0, 5), claim('bob', 5, 6), claim('ann', 4, 5)])).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { ChangeIndex, type Indexed } from '../../src/filesystem/change-index.ts';

const place: fc.Arbitrary<Indexed> = fc.record({
  offset: fc.nat(2 ** 40),
  length: fc.nat(),
  rank: fc.nat(100),
  time: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(Infinity)),
  kind: fc.constantFrom('added', 'deleted', 'modified', 'metadata', 'touched', 'renamed', 'typechanged'),
  runtime: fc.boolean(),
});

describe('the index of changes', () => {
  it('gives back what was put in, replaced or dropped, in the order of rank, time and place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(place, { maxLength: 600, selector: ({ offset }) => offset }),
        fc.array(fc.tuple(fc.nat(599), place)),
        fc.array(fc.nat(599)),
        (added, replaced, dropped) => {
          const index = new ChangeIndex();
          const model: (Indexed | undefined)[] = [];
          for (const one of added) expect(index.add(one)).to.equal(model.push(one) - 1);
          for (const [number, one] of replaced)
            if (number < model.length) {
              model[number] = one;
              index.set(number, one);
            }
          for (const number of dropped)
            if (number < model.length) {
              model[number] = undefined;
              index.drop(number);
            }
          expect([...index]).to.deep.equal(model.filter((one) => one !== undefined));
          expect(index.get(added.length)).to.equal(undefined);
          const ordered = [...index.order()].map((number) => model[number]);
          const later = (a: Indexed, b: Indexed): number =>
            b.rank - a.rank || Number(a.time > b.time) - Number(a.time < b.time) || a.offset - b.offset;
          expect(ordered).to.deep.equal(model.filter((one) => one !== undefined).sort(later));
        },
      ),
    );
  });

  it('holds more than one page of them', () => {
    const index = new ChangeIndex();
    const count = 10_000;
    for (let i = 0; i < count; i += 1)
      index.add({ offset: i * 2 ** 33, length: i, rank: i % 101, time: -i, kind: 'added', runtime: false });
    expect(index.get(9_000)).to.include({ offset: 9_000 * 2 ** 33, length: 9_000, rank: 9_000 % 101 });
    expect(index.get(count)).to.equal(undefined);
    const ordered = [...index.order()];
    expect(ordered.slice(0, 2)).to.deep.equal([9_998, 9_897]);
    expect(new Set(ordered).size).to.equal(count);
  });
});

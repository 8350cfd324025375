import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { SortedLines } from '../../src/evidence/sorted-lines.ts';
import { inSandbox } from './sandbox.ts';

/** Text of whole characters, none of them a newline. */
const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\n', ''));

function sorted(place: string, lines: readonly string[], run: number, together: number): string[] {
  const all = new SortedLines(place, { run, together, page: 64 });
  try {
    for (const one of lines) all.add(one);
    return [...all.read()];
  } finally {
    all.close();
  }
}

describe('SortedLines', () => {
  it('sorts as an array does, in one run and in many, merged once and again', () =>
    inSandbox(async (place) => {
      fc.assert(
        fc.property(
          fc.array(line, { maxLength: 200 }),
          fc.constantFrom(1, 20, 300, 1e6),
          fc.constantFrom(2, 3, 100),
          (lines, run, together) => {
            expect(sorted(place, lines, run, together)).to.deep.equal([...lines].sort());
          },
        ),
      );
      expect(readdirSync(place)).to.deep.equal([]);
      await Promise.resolve();
    }));

  it('writes nothing while one run is enough', () => {
    expect(sorted('/nowhere', ['b', 'a', 'b'], 1000, 2)).to.deep.equal(['a', 'b', 'b']);
  });

  it('has no name on disk while it is used', () =>
    inSandbox(async (place) => {
      const all = new SortedLines(place, { run: 10, together: 4, page: 8 });
      for (let i = 0; i < 100; i += 1) all.add(`line ${i}`);
      expect(readdirSync(place)).to.deep.equal([]);
      const reading = all.read();
      expect(reading.next().value).to.equal('line 0');
      expect(readdirSync(place)).to.deep.equal([]);
      all.close();
      await Promise.resolve();
    }));
});

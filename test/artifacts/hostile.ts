import { expect } from 'chai';
import fc from 'fast-check';

/** Records, or pieces that are none; a parser gives both and throws over neither. */
type Parse = (bytes: Buffer) => Iterable<unknown>;

/**
 * The bytes that a parser may meet when somebody means harm: anything at all, and a sound sample of its format with bytes
 * changed, cut out, put in twice or in another order.
 */
export function hostileBytes(...samples: readonly (Buffer | string)[]): fc.Arbitrary<Buffer> {
  const sound = samples.map((sample) =>
    typeof sample === 'string' ? Buffer.from(sample, 'latin1') : sample,
  );
  const damaged = fc
    .record({
      sample: fc.constantFrom(...sound),
      changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
      twice: fc.boolean(),
    })
    .map(({ sample, changes, from, to, twice }) => {
      const bytes = Buffer.from(sample);
      for (const [at, value] of changes)
        if (bytes.length > 0) bytes[Math.floor(at * (bytes.length - 1))] = value;
      const [a = 0, b = 0] = [from, to].map((part) => Math.floor(part * bytes.length)).sort((x, y) => x - y);
      const piece = bytes.subarray(a, b);
      return twice ? Buffer.concat([bytes, piece]) : Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
    });
  const anything = fc.uint8Array({ maxLength: 600 }).map((data) => Buffer.from(data));
  return fc.oneof({ weight: 3, arbitrary: damaged }, { weight: 1, arbitrary: anything });
}

/** A parser lives through hostile bytes: it ends, throws nothing, and gives at most `most` pieces a byte. */
export function survivesHostileBytes(parse: Parse, ...samples: readonly (Buffer | string)[]): void {
  fc.assert(
    fc.property(hostileBytes(...samples), (bytes) => {
      let count = 0;
      for (const record of parse(bytes)) {
        expect(record).to.be.an('object');
        count += 1;
      }
      expect(count).to.be.at.most(bytes.length + 1);
    }),
    { numRuns: 300 },
  );
}

/**
 * A parser of lines ends soon on long lines made to take long: runs of what its own lines are made of. What takes the square
 * of their length does not end within the time of a test.
 */
export function survivesLongLines(parse: Parse, ...beginnings: readonly string[]): void {
  for (const beginning of ['', ...beginnings])
    for (const piece of [
      'a',
      ' ',
      '\t',
      '=',
      '"',
      "'",
      '\\',
      ',',
      ':',
      '[',
      '[]',
      '{',
      '(',
      '|',
      'a=',
      'a ',
      '0',
      '%',
      '%41',
      'a=" ',
      ' src=',
      '\\"',
    ]) {
      const text = `${beginning}${piece.repeat(Math.ceil(300_000 / piece.length))}`;
      for (const bytes of [text, `${text}x\u0001`]) {
        let count = 0;
        for (const record of parse(Buffer.from(bytes, 'latin1'))) count += record === undefined ? 0 : 1;
        expect(count).to.be.at.most(2);
      }
    }
}

/**
 * A parser ends soon on megabytes of one short line, again and again. What takes the square of their number does not end within the
 * time of a test.
 */
export function survivesManyLines(parse: Parse, line: string, mebibytes: number): void {
  const bytes = Buffer.alloc(mebibytes * 1024 * 1024, line);
  let count = 0;
  for (const record of parse(bytes)) count += record === undefined ? 0 : 1;
  expect(count).to.be.at.most(bytes.length / line.length + 1);
}

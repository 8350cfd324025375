import fc from 'fast-check';

/** First of the 2,048 code points that are halves of pairs, which no text holds alone. */
const halves = 0xd800;
const halvesCount = 0x800;
/** Code points of Unicode without them. */
const count = 0x110000 - halvesCount;

const character = fc.nat(count - 1).map(
  (place) => String.fromCodePoint(place < halves ? place : place + halvesCount),
  (text) => {
    const point = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (point === undefined || String.fromCodePoint(point) !== text) throw new Error('not one character');
    return point < halves ? point : point - halvesCount;
  },
);

/**
 * Text of any characters of Unicode and, more often than by chance, names such as `__proto__`: fc.string with the unit
 * 'binary', which has a table of a million characters made for it in each process first.
 */
export function anyText(lengths: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...lengths, unit: character });
}

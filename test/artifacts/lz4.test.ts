import { expect } from 'chai';
import fc from 'fast-check';
import { unpackLz4 } from '../../src/artifacts/lz4.ts';
import { packLz4 } from './journal-lab.ts';

/** What the `lz4` program made of this text. */
const text = Buffer.concat([
  Buffer.from(`MESSAGE=${'abcabcabcd'.repeat(60)}`),
  Buffer.from(Array.from({ length: 40 }, (_, i) => i)),
]);
const packed = Buffer.from(
  'sk1FU1NBR0U9YWJjAwAfZAoA//898BkAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn',
  'base64',
);

describe('unpackLz4', () => {
  it('unpacks a block of the lz4 program', () =>
    expect(unpackLz4(packed, text.length)?.equals(text)).to.equal(true));

  it('gives back what was packed', () => {
    const bytes = fc.array(fc.tuple(fc.uint8Array({ maxLength: 30 }), fc.nat(400)), { maxLength: 9 });
    fc.assert(
      fc.property(bytes, (parts) => {
        const whole = Buffer.concat(
          parts.map(([data, times]) => Buffer.concat(Array<Buffer>(times).fill(Buffer.from(data)))),
        );
        expect(unpackLz4(packLz4(whole), whole.length)?.equals(whole)).to.equal(true);
      }),
    );
  });

  it('refuses a block of another length, and lives through anything', () => {
    expect(unpackLz4(packed, text.length - 1)).to.equal(undefined);
    expect(unpackLz4(packed, text.length + 1)).to.equal(undefined);
    expect(unpackLz4(packed.subarray(0, 20), text.length)).to.equal(undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(500), (data, size) => {
        expect(unpackLz4(Buffer.from(data), size)?.length ?? size).to.equal(size);
      }),
    );
  });
});

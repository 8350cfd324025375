import { expect } from 'chai';
import fc from 'fast-check';
import type { LoginLayout } from '../../src/artifacts/utmp.ts';
import { loginLayout, parseLogins } from '../../src/artifacts/utmp.ts';

/** A record as glibc writes it; `seconds` may be above 2^32 in the wide layout. */
function record(layout: LoginLayout, seconds: number, user = 'root', address = Buffer.alloc(16)): Buffer {
  const bytes = Buffer.alloc(layout);
  bytes.writeInt16LE(7, 0);
  bytes.writeInt32LE(4242, 4);
  bytes.write('pts/0', 8);
  bytes.write('ts/0', 40);
  bytes.write(user, 44, 'latin1');
  bytes.write('203.0.113.9', 76);
  if (layout === 384) {
    bytes.writeInt32LE(9, 336);
    bytes.writeUInt32LE(seconds, 340);
    bytes.writeInt32LE(250000, 344);
    address.copy(bytes, 348);
  } else {
    bytes.writeBigInt64LE(9n, 336);
    bytes.writeBigInt64LE(BigInt(seconds), 344);
    bytes.writeBigInt64LE(250000n, 352);
    address.copy(bytes, 360);
  }
  return bytes;
}

const ipv4 = Buffer.from('cb007109000000000000000000000000', 'hex');
const ipv6 = Buffer.from('20010db8000000000000000000000001', 'hex');

describe('parseLogins', () => {
  for (const layout of [384, 400] as const)
    it(`reads records of ${layout} bytes`, () => {
      const file = Buffer.concat([
        record(layout, 1_763_000_000, 'root', ipv4),
        record(layout, 4_102_444_800, 'x'.repeat(32), ipv6),
      ]);
      expect(loginLayout(file)).to.equal(layout);
      const [first, second] = [...parseLogins(file)];
      expect(first).to.deep.equal({
        type: 'user',
        pid: 4242,
        line: Buffer.from('pts/0'),
        id: Buffer.from('ts/0'),
        user: Buffer.from('root'),
        host: Buffer.from('203.0.113.9'),
        session: 9,
        seconds: 1_763_000_000,
        microseconds: 250000,
        address: ipv4.subarray(0, 4),
        offset: 0,
      });
      expect(second).to.deep.include({
        user: Buffer.from('x'.repeat(32)),
        seconds: 4_102_444_800,
        address: ipv6,
        offset: layout,
      });
    });

  it('tells wiped and cut records and goes on', () => {
    const file = Buffer.concat([
      record(384, 5),
      Buffer.alloc(384),
      record(384, 6),
      record(384, 7).subarray(0, 100),
    ]);
    expect(
      [...parseLogins(file)].map((one) => ('malformed' in one ? one.malformed : one.seconds)),
    ).to.deep.equal([5, 'record of zeroes', 6, 'cut record']);
  });

  it('keeps hostile names as bytes', () => {
    const [one] = [...parseLogins(record(384, 5, '\x1b[2J\xff'))];
    expect(one).to.deep.include({ user: Buffer.from('\x1b[2J\xff', 'latin1') });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom<LoginLayout>(384, 400),
        (data, layout) => {
          const total = [...parseLogins(Buffer.from(data), layout)].length;
          expect(total).to.equal(Math.ceil(data.length / layout));
        },
      ),
    );
  });
});

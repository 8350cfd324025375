import { expect } from 'chai';
import fc from 'fast-check';
import type { RecordLayout } from '../../src/artifacts/record-layout.ts';
import { loginLayout, loginLayouts, parseLogins, x86Logins } from '../../src/artifacts/utmp.ts';

/** A record as glibc writes it; `seconds` may be above 2^32 in the wide layout. */
function record(
  { bytes: length, order }: RecordLayout,
  seconds: number,
  user = 'root',
  address = Buffer.alloc(16),
): Buffer {
  const bytes = Buffer.alloc(length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const little = order === 'little';
  view.setInt16(0, 7, little);
  view.setInt32(4, 4242, little);
  bytes.write('pts/0', 8);
  bytes.write('ts/0', 40);
  bytes.write(user, 44, 'latin1');
  bytes.write('203.0.113.9', 76);
  if (length === 384) {
    view.setInt32(336, 9, little);
    view.setUint32(340, seconds, little);
    view.setInt32(344, 250000, little);
    address.copy(bytes, 348);
  } else {
    view.setBigInt64(336, 9n, little);
    view.setBigInt64(344, BigInt(seconds), little);
    view.setBigInt64(352, 250000n, little);
    address.copy(bytes, 360);
  }
  return bytes;
}

const ipv4 = Buffer.from('cb007109000000000000000000000000', 'hex');
const ipv6 = Buffer.from('20010db8000000000000000000000001', 'hex');

describe('parseLogins', () => {
  for (const layout of loginLayouts)
    it(`reads records of ${layout.bytes} bytes, ${layout.order}-endian`, () => {
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
        offset: layout.bytes,
      });
    });

  it('tells wiped and cut records and goes on', () => {
    const file = Buffer.concat([
      record(x86Logins, 5),
      Buffer.alloc(384),
      record(x86Logins, 6),
      record(x86Logins, 7).subarray(0, 100),
    ]);
    expect(
      [...parseLogins(file)].map((one) => ('malformed' in one ? one.malformed : one.seconds)),
    ).to.deep.equal([5, 'record of zeroes', 6, 'cut record']);
  });

  it('finds the layout behind any number of wiped records, and does not guess that of nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...loginLayouts),
        fc.nat(40),
        fc.array(fc.tuple(fc.integer({ min: 946_684_800, max: 2 ** 32 - 1 }), fc.boolean()), {
          minLength: 1,
        }),
        (layout, wiped, logins) => {
          const file = Buffer.concat([
            Buffer.alloc(layout.bytes * wiped),
            ...logins.map(([seconds, remote]) => record(layout, seconds, 'jo', remote ? ipv4 : undefined)),
          ]);
          expect(loginLayout(file)).to.equal(layout);
        },
      ),
    );
    // Microseconds of a login from no address look like the seconds of a longer record.
    const local = Buffer.concat([record(x86Logins, 1_763_000_000), Buffer.alloc(384)]);
    expect(loginLayout(local)).to.equal(x86Logins);
    expect(loginLayout(Buffer.alloc(9600))).to.equal(undefined);
    expect(loginLayout(Buffer.alloc(9600, 'x'))).to.equal(undefined);
  });

  it('keeps hostile names as bytes', () => {
    const [one] = [...parseLogins(record(x86Logins, 5, '\x1b[2J\xff'))];
    expect(one).to.deep.include({ user: Buffer.from('\x1b[2J\xff', 'latin1') });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(...loginLayouts), (data, layout) => {
        const total = [...parseLogins(Buffer.from(data), layout)].length;
        expect(total).to.equal(Math.ceil(data.length / layout.bytes));
      }),
    );
  });
});

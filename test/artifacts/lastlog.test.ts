import { expect } from 'chai';
import fc from 'fast-check';
import {
  lastlogLayout,
  lastlogLayouts,
  parseLastlog,
  parseOneOfLastlog,
  untilNul,
  x86Lastlog,
} from '../../src/artifacts/lastlog.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import type { RecordLayout } from '../../src/artifacts/record-layout.ts';
import { survivesHostileBytes } from './hostile.ts';

const arm64: RecordLayout = { bytes: 296, order: 'little' };
const s390x: RecordLayout = { bytes: 296, order: 'big' };

function record(layout: RecordLayout, seconds: number, host = '198.51.100.7', line = 'pts/0'): Buffer {
  const bytes = Buffer.alloc(layout.bytes);
  if (layout.bytes === 292) bytes.writeUInt32LE(seconds, 0);
  else if (layout.order === 'little') bytes.writeBigInt64LE(BigInt(seconds), 0);
  else bytes.writeBigInt64BE(BigInt(seconds), 0);
  bytes.write(line, layout.bytes - 288, 32, 'latin1');
  bytes.write(host, layout.bytes - 256, 'latin1');
  return bytes;
}

/** A file that ends with the account of the highest uid. */
function fileOf(layout: RecordLayout, logins: Readonly<Record<number, Buffer>>): Buffer {
  const file = Buffer.alloc((Math.max(...Object.keys(logins).map(Number)) + 1) * layout.bytes);
  for (const [uid, bytes] of Object.entries(logins)) bytes.copy(file, Number(uid) * layout.bytes);
  return file;
}

const nameOf = ({ bytes, order }: RecordLayout): string => `${bytes} bytes, ${order}-endian`;

describe('parseLastlog', () => {
  for (const layout of lastlogLayouts)
    it(`reads records of ${nameOf(layout)} and leaves out accounts that were never used`, () => {
      const file = Buffer.concat([
        record(layout, 1_763_000_000),
        Buffer.alloc(layout.bytes * 999),
        record(layout, 1_763_000_001, '\x1b[2J'),
      ]);
      expect(lastlogLayout(file)).to.equal(layout);
      expect([...parseLastlog(file)]).to.deep.equal([
        {
          uid: 0,
          time: '2025-11-13T02:13:20Z',
          line: Buffer.from('pts/0'),
          host: Buffer.from('198.51.100.7'),
        },
        { uid: 1000, time: '2025-11-13T02:13:21Z', line: Buffer.from('pts/0'), host: Buffer.from('\x1b[2J') },
      ]);
    });

  it('goes by the records and not by a length that is one of another layout, or cut', () => {
    // 1022 records of 296 bytes have the length of 1036 of 292.
    for (const uids of [[1021], [1000, 1021]]) {
      const file = fileOf(arm64, Object.fromEntries(uids.map((uid) => [uid, record(arm64, 1_763_000_000)])));
      expect(file.length % 292).to.equal(0);
      expect([...parseLastlog(file)].map((one) => 'uid' in one && [one.uid, one.time])).to.deep.equal(
        uids.map((uid) => [uid, '2025-11-13T02:13:20Z']),
      );
    }
    const long = fileOf(arm64, { 1000: record(arm64, 1_763_000_000), 60_000: record(arm64, 1) });
    const cut = [...parseLastlog(long.subarray(0, 1024 * 1024))];
    expect(cut[0]).to.include({ uid: 1000, time: '2025-11-13T02:13:20Z' });
  });

  it('never takes one layout for another, wherever somebody logged in and from whatever host', () => {
    const text = (most: number) =>
      fc.string({
        unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
        maxLength: most,
      });
    fc.assert(
      fc.property(
        fc.constantFrom(...lastlogLayouts),
        fc.dictionary(
          fc.nat(1500).map(String),
          fc.tuple(fc.integer({ min: 946_684_800, max: 2 ** 32 - 1 }), text(255), text(31)),
          { minKeys: 1, maxKeys: 5 },
        ),
        (layout, logins) => {
          // One without a line can be of root in two layouts, and is read alike in both.
          const records = Object.entries(logins).map(
            ([uid, [seconds, host, line]]) => [uid, record(layout, seconds, host, `t${line}`)] as const,
          );
          // The time of one account alone may lie where it is one of s390x too, its bytes the other way round.
          expect([layout, undefined]).to.include(lastlogLayout(fileOf(layout, Object.fromEntries(records))));
        },
      ),
    );
  });

  it('does not guess the layout of what holds nothing', () => {
    const either = fileOf(x86Lastlog, { 1331: record(x86Lastlog, 946_684_800) });
    expect(lastlogLayout(either)).to.equal(undefined);
    expect(lastlogLayout(Buffer.alloc(292 * 296))).to.equal(undefined);
    expect(lastlogLayout(Buffer.alloc(292 * 296, 1))).to.equal(undefined);
  });

  it('tells a cut record and counts on from the first account of a piece', () => {
    const piece = Buffer.concat([record(x86Lastlog, 5), Buffer.alloc(7)]);
    const [first, second] = [...parseLastlog(piece, x86Lastlog, 224)];
    expect(first).to.include({ uid: 224 });
    expect(second).to.deep.equal({ malformed: 'cut record', offset: 292 });
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes(
      (bytes) => parseLastlog(bytes),
      ...lastlogLayouts.map((layout) => record(layout, 7)),
    ));
});

describe('parseOneOfLastlog', () => {
  const at = (length: number, uid: number | string): Buffer =>
    Buffer.from(`live_response/system/lastlog/${length}/${uid}`);

  for (const layout of lastlogLayouts)
    it(`reads the record of ${nameOf(layout)} of an account far behind`, () =>
      expect(parseOneOfLastlog(record(layout, 1_763_000_000), at(layout.bytes, 65_534))).to.deep.equal([
        {
          uid: 65_534,
          time: '2025-11-13T02:13:20Z',
          line: Buffer.from('pts/0'),
          host: Buffer.from('198.51.100.7'),
        },
      ]));

  it('has nothing of an account that was never used, and tells what is a piece of other records', () => {
    expect(parseOneOfLastlog(Buffer.alloc(292), at(292, 9))).to.deep.equal([]);
    const other = Buffer.concat([Buffer.alloc(100), record(x86Lastlog, 1_763_000_000)]).subarray(0, 296);
    expect(parseOneOfLastlog(other, at(296, 9))).to.deep.equal([
      { malformed: 'no record of 296 bytes', offset: 0 },
    ]);
    expect(parseOneOfLastlog(record(arm64, 5), at(292, 9))).to.have.length(1);
    expect(parseOneOfLastlog(record(s390x, 5).subarray(0, 200), at(296, 9))?.every(isMalformed)).to.equal(
      true,
    );
  });

  it('is for no other item', () => {
    for (const name of [
      '[root]/var/log/lastlog',
      'live_response/system/lastlog/292/../9',
      'live_response/system/lastlog/400/9',
    ])
      expect(parseOneOfLastlog(record(x86Lastlog, 5), Buffer.from(name))).to.equal(undefined);
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes(
      (bytes) =>
        [292, 296].flatMap((length) => parseOneOfLastlog(bytes, at(length, 4_294_967_295)) ?? []).slice(0, 1),
      ...lastlogLayouts.map((layout) => record(layout, 7)),
    ));
});

describe('untilNul', () => {
  it('ends at the first NUL or the end', () => {
    expect(untilNul(Buffer.from('ab\0c')).toString()).to.equal('ab');
    expect(untilNul(Buffer.from('abc')).toString()).to.equal('abc');
  });
});

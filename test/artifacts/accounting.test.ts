import { expect } from 'chai';
import { accountingRecord, parseAccounting } from '../../src/artifacts/accounting.ts';
import { survivesHostileBytes } from './hostile.ts';

/** A record by the offsets of include/uapi/linux/acct.h, of either byte order. */
function record(big = false): Buffer {
  const bytes = Buffer.alloc(accountingRecord);
  const u16 = (value: number, at: number): number =>
    big ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at);
  const u32 = (value: number, at: number): number =>
    big ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
  bytes.writeUInt8(0x03, 0);
  bytes.writeUInt8(big ? 0x83 : 3, 1);
  u16(0x8801, 2);
  u32(256, 4);
  u32(1000, 8);
  u32(1001, 12);
  u32(4242, 16);
  u32(1, 20);
  u32(1_763_000_000, 24);
  if (big) bytes.writeFloatBE(150, 28);
  else bytes.writeFloatLE(150, 28);
  u16(0x2001, 32);
  u16(7, 34);
  bytes.write('xmrig\x1b', 48);
  return bytes;
}

describe('parseAccounting', () => {
  for (const big of [false, true])
    it(`reads records of ${big ? 'big' : 'little'}-endian machines`, () =>
      expect([...parseAccounting(record(big))]).to.deep.equal([
        {
          command: Buffer.from('xmrig\x1b'),
          pid: 4242,
          ppid: 1,
          uid: 1000,
          gid: 1001,
          tty: 0x8801,
          started: '2025-11-13T02:13:20Z',
          elapsed: 150,
          user: 8,
          system: 7,
          status: 256,
          flags: ['forked', 'root'],
        },
      ]));

  it('tells what is no record and goes on', () => {
    const file = Buffer.concat([record(), Buffer.alloc(64), record(), Buffer.alloc(3)]);
    expect(
      [...parseAccounting(file)].map((one) => ('malformed' in one ? one.malformed : one.pid)),
    ).to.deep.equal([4242, 'no record of process accounting', 4242, 'cut record']);
  });

  it('survives hostile bytes', () => survivesHostileBytes(parseAccounting, record(), record(true)));
});

import { expect } from 'chai';
import { open } from 'node:fs/promises';
import { elfHeadBytes, parseElf } from '../../src/artifacts/elf.ts';
import { survivesHostileBytes } from './hostile.ts';

/** A header of a program of 32 bits, big-endian, as on mips. */
function header32(): Buffer {
  const bytes = Buffer.alloc(52 + 32 + 16);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1, 0]).copy(bytes);
  bytes.writeUInt16BE(2, 16);
  bytes.writeUInt16BE(8, 18);
  bytes.writeUInt32BE(0x400000, 24);
  bytes.writeUInt32BE(52, 28);
  bytes.writeUInt32BE(1000, 32);
  bytes.writeUInt32BE(0x50001007, 36);
  for (const [at, value] of [52, 32, 1, 40, 0].entries()) bytes.writeUInt16BE(value, 40 + 2 * at);
  bytes.writeUInt32BE(3, 52);
  bytes.writeUInt32BE(84, 56);
  bytes.writeUInt32BE(8, 68);
  bytes.write('/lib/ld\0', 84);
  return bytes;
}

async function ownHead(): Promise<Buffer> {
  const file = await open(process.execPath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(elfHeadBytes));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

describe('parseElf', () => {
  it('reads a header of 32 bits and the other byte order', () =>
    expect([...parseElf(header32())]).to.deep.equal([
      {
        bits: 32,
        order: 'big',
        type: 'EXEC',
        machine: 'mips',
        entry: 0x400000n,
        abi: 0,
        flags: 0x50001007,
        programHeaders: { offset: 52n, entryBytes: 32, count: 1 },
        sectionHeaders: { offset: 1000n, entryBytes: 40, count: 0 },
        interpreter: Buffer.from('/lib/ld'),
      },
    ]));

  it('reads the program that runs this', async () => {
    const [header] = [...parseElf(await ownHead())];
    expect(header).to.include({ bits: 64, order: 'little' });
    expect(header?.machine).to.equal(process.arch === 'x64' ? 'x86-64' : 'aarch64');
    expect(header?.interpreter?.toString()).to.match(/^\/lib.*\/ld-/);
  });

  it('gives nothing for what is no program', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'.repeat(20)), header32().subarray(0, 51)])
      expect([...parseElf(bytes)]).to.deep.equal([]);
  });

  it('survives hostile bytes', async () =>
    survivesHostileBytes(parseElf, header32(), (await ownHead()).subarray(0, 1024)));
});

import { expect } from 'chai';
import { JournalNumbers } from '../../src/artifacts/journal-numbers.ts';
import { survivesHostileBytes } from './hostile.ts';
import { journalFile } from './journal-lab.ts';

const entries = Array.from({ length: 6 }, (_, index) => ({
  seconds: 1_763_000_000 + index,
  fields: [{ text: `MESSAGE=number ${index}` }],
}));

function read(file: Buffer, piece = file.length): JournalNumbers {
  const numbers = new JournalNumbers(file.length);
  for (let at = 0; at < file.length; at += piece) numbers.push(file.subarray(at, at + piece));
  return numbers;
}

function runsOf(numbers: JournalNumbers): string[] {
  return numbers.runs.map(({ first, last }) => `${first}-${last}`);
}

/** The file without the entry of a number: its object is overwritten, as one does who has no journald for it. */
function without(number: bigint): Buffer {
  const file = journalFile(entries);
  file.writeUInt8(1, offsetOf(file, number));
  return file;
}

function offsetOf(file: Buffer, number: bigint): number {
  for (let at = 272; at < file.length; at += 8)
    if (file.readUInt8(at) === 3 && file.readBigUInt64LE(at + 16) === number) return at;
  throw new Error('no such entry');
}

describe('numbers of a journal', () => {
  for (const piece of [1, 7, 64, 1000, 1_000_000])
    it(`are read in pieces of ${piece}`, () => {
      const numbers = read(journalFile(entries), piece);
      expect(runsOf(numbers)).to.deep.equal(['1-6']);
      expect(numbers.entries).to.equal(6n);
      expect(numbers.runs[0]).to.deep.include({
        firstTime: 1_763_000_000_000_042n,
        lastTime: 1_763_000_005_000_042n,
        firstBoot: 'ab'.repeat(16),
        lastBoot: 'ab'.repeat(16),
      });
      expect(runsOf(read(without(3n), piece))).to.deep.equal(['1-2', '4-6']);
    });
  it('go on behind what is damaged', () => {
    const file = journalFile(entries);
    file.fill(0, offsetOf(file, 4n), offsetOf(file, 4n) + 64);
    const numbers = read(file);
    expect(runsOf(numbers)).to.deep.equal(['1-3', '5-6']);
    expect(numbers.entries).to.equal(5n);
  });
  it('are those of the objects, whatever the header says of their end', () => {
    for (const [at, value] of [
      [96, 0n],
      [96, 2n ** 60n],
      [136, 0n],
    ] as const) {
      const file = journalFile(entries);
      file.writeBigUInt64LE(value, at);
      file.fill(0, offsetOf(file, 4n), offsetOf(file, 4n) + 16);
      for (const piece of [1, 100, file.length])
        expect([at, ...runsOf(read(file, piece))]).to.deep.equal([at, '1-3', '5-6']);
    }
  });
  it('are those that a cut file has', () => {
    const file = journalFile(entries);
    expect(runsOf(read(file.subarray(0, offsetOf(file, 5n))))).to.deep.equal(['1-4']);
  });
  it('are none of what is no journal', () => {
    expect(read(Buffer.alloc(1000)).header).to.equal(undefined);
    expect(read(Buffer.from('LPKSHHRH')).header).to.equal(undefined);
  });
  it('are held up to a bound', () => {
    const far = Array.from({ length: 50_002 }, () => ({ seconds: 1, fields: [] }));
    const file = journalFile(far);
    for (let at = 272; at + 64 <= file.length - 4096; at += 64)
      file.writeBigUInt64LE(file.readBigUInt64LE(at + 16) * 2n, at + 16);
    const numbers = read(file);
    expect([numbers.runs.length, numbers.tooMany, numbers.entries]).to.deep.equal([50_000, true, 50_002n]);
  });
  it('live through hostile bytes', () => {
    survivesHostileBytes((bytes) => read(bytes, 100).runs, journalFile(entries));
  });
});

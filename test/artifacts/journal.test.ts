import { expect } from 'chai';
import fc from 'fast-check';
import { type JournalEntry, parseJournal, unpackFields, weightOf } from '../../src/artifacts/journal.ts';
import { isMalformed, type Malformed } from '../../src/artifacts/lines.ts';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { survivesHostileBytes } from './hostile.ts';
import { journalFile, xzSample } from './journal-lab.ts';

const long = `MESSAGE=${'abcabcabcd'.repeat(60)}\u001b[2J`;
const entries = [
  { seconds: 1_763_000_000, fields: [{ text: '_PID=1' }, { text: long }] },
  {
    seconds: 1_763_000_001,
    fields: [{ text: long, packing: 'zstd' }, { text: '_PID=2' }, { text: '_PID=3' }],
  },
  { seconds: 1_763_000_002, fields: [{ text: long, packing: 'lz4' }] },
  { seconds: 1_763_000_003, fields: [{ text: '', packing: 'xz' }] },
] as const;

async function read(file: Buffer): Promise<(JournalEntry | Malformed)[]> {
  const found: (JournalEntry | Malformed)[] = [];
  for (const one of parseJournal(accessTo(file)))
    found.push(isMalformed(one) ? one : await unpackFields(one));
  return found;
}

function texts(one: JournalEntry | Malformed | undefined): string[] {
  return one === undefined || isMalformed(one)
    ? []
    : one.fields.map(([name, value]) => `${name}=${String(value)}`);
}

/** A journal in which so many entries more have the one field of the first. */
function entriesOf(text: Buffer, count: number): Buffer {
  const file = journalFile([{ seconds: 1, fields: [{ text, packing: 'zstd' }] }]);
  const end = file.length - 4096;
  const entry = file.subarray(end - 80, end);
  const longer = Buffer.concat([file.subarray(0, end), ...Array<Buffer>(count).fill(entry)]);
  longer.writeBigUInt64LE(BigInt(longer.length - 272), 96);
  longer.writeBigUInt64LE(BigInt(longer.length - 80), 136);
  return longer;
}

describe('parseJournal', () => {
  for (const compact of [false, true])
    it(`reads entries of the ${compact ? 'compact' : 'regular'} form with every compression`, async () => {
      const found = await read(journalFile(entries, { compact }));
      expect(found).to.have.length(4);
      expect(found[0]).to.deep.include({
        seqnum: 1n,
        time: '2025-11-13T02:13:20.000042Z',
        monotonic: 77n,
        boot: 'ab'.repeat(16),
        unreadable: 0,
      });
      expect(texts(found[0])).to.deep.equal(['_PID=1', long]);
      expect(texts(found[1])).to.deep.equal([long, '_PID=2', '_PID=3']);
      expect(texts(found[2])).to.deep.equal([long]);
      expect(texts(found[3])).to.deep.equal([xzSample.text.toString()]);
    });

  it('goes on behind a damaged object, and says what is missing', async () => {
    const file = journalFile(entries);
    const second = file.indexOf('_PID=2') - 64;
    file.writeUInt8(99, second);
    const found = await read(file);
    expect(found.find(isMalformed)).to.deep.equal({ malformed: 'no object of the journal', offset: second });
    const [, entry] = found.filter((one) => !isMalformed(one));
    expect(texts(entry)).to.deep.equal([long, '_PID=3']);
    expect(entry).to.have.property('unreadable', 1);
  });

  it('gives what lies behind an object that was wiped, though the header says that it was the last', async () => {
    const file = journalFile(entries);
    const second = file.indexOf('_PID=2') - 64;
    file.fill(0, second, second + 16);
    file.writeBigUInt64LE(0n, 136);
    const found = await read(file);
    expect(found.filter(isMalformed)).to.deep.equal([
      { malformed: 'no object of the journal', offset: second },
    ]);
    expect(found.filter((one) => !isMalformed(one))).to.have.length(4);
  });

  it('tells of entries that were wiped at the end', async () => {
    const sound = journalFile(entries);
    const last = Number(sound.readBigUInt64LE(136));
    const wiped = (tail: bigint): Buffer => {
      const file = Buffer.from(sound);
      file.fill(0, last);
      file.writeBigUInt64LE(tail, 136);
      return file;
    };
    expect((await read(wiped(BigInt(last)))).filter(isMalformed)).to.deep.equal([
      { malformed: 'no object of the journal', offset: last },
    ]);
    expect((await read(wiped(0n))).filter(isMalformed)).to.deep.equal([
      { malformed: 'the header counts 4 entries, and 3 are there', offset: 0 },
    ]);
  });

  it('gives what a file has that says it is empty, and tells so', async () => {
    const file = journalFile(entries);
    file.writeBigUInt64LE(0n, 96);
    const found = await read(file);
    expect(found.filter((one) => !isMalformed(one))).to.have.length(4);
    expect(found.filter(isMalformed)).to.deep.equal([
      { malformed: 'it goes on behind where its header says that it ends', offset: 272 },
    ]);
  });

  it('keeps nothing silent that is wiped, whatever the header says', () => {
    const sound = journalFile(entries);
    const objects = sound.subarray(272, sound.length - 4096);
    fc.assert(
      fc.property(
        fc.nat(objects.length / 8 - 1),
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom(96, 136),
        fc.bigInt(0n, 2n ** 64n - 1n),
        (from, length, at, value) => {
          const file = Buffer.from(sound);
          const bytes = file.subarray(
            272 + 8 * from,
            Math.min(272 + 8 * (from + length), file.length - 4096),
          );
          const changed = bytes.some((byte) => byte !== 0);
          bytes.fill(0);
          file.writeBigUInt64LE(value, at);
          const found = [...parseJournal(accessTo(file))];
          const whole = found.filter((one) => !isMalformed(one) && one.unreadable === 0);
          if (changed && whole.length < entries.length)
            expect(found.some((one) => isMalformed(one) || one.unreadable > 0)).to.equal(true);
        },
      ),
    );
  });

  it('reads megabytes of zeroes that were set aside in large pieces', () => {
    const bytes = Buffer.concat([journalFile(entries), Buffer.alloc(16 * 1024 * 1024)]);
    bytes.writeBigUInt64LE(BigInt(bytes.length - 272), 96);
    const file = accessTo(bytes);
    let reads = 0;
    const counted = (offset: number, length: number): Buffer => {
      reads += 1;
      return file.read(offset, length);
    };
    expect([...parseJournal({ ...file, read: counted })]).to.have.length(4);
    expect(reads).to.be.below(10_000);
  });

  it('gives what a cut file has', async () => {
    const file = journalFile(entries);
    const found = await read(file.subarray(0, file.indexOf('_PID=3')));
    expect(found.map((one) => (isMalformed(one) ? one.malformed : texts(one).length))).to.deep.equal([
      2,
      'no object of the journal',
      'the file is cut',
    ]);
  });

  it('tells a file that is none', async () =>
    expect(await read(Buffer.from('x'))).to.deep.equal([{ malformed: 'no journal file', offset: 0 }]));

  it('counts a field that is packed to unpack to too much as unreadable', async () => {
    const file = journalFile([
      { seconds: 1, fields: [{ text: Buffer.alloc(17 * 1024 * 1024, 'A='), packing: 'zstd' }] },
    ]);
    expect((await read(file))[0]).to.include({ unreadable: 1 });
  });

  it('unpacks no more than a file of its length may hold, and says so', async () => {
    const bomb = Buffer.concat([Buffer.from('A='), Buffer.alloc(8 * 1024 * 1024)]);
    const file = journalFile(
      Array.from({ length: 50 }, (_, seconds) => ({
        seconds,
        fields: [{ text: bomb, packing: 'zstd' as const }, { text: `_PID=${seconds}` }],
      })),
    );
    let bytes = 0;
    let unreadable = 0;
    const malformed: string[] = [];
    for (const one of parseJournal(accessTo(file)))
      if (isMalformed(one)) malformed.push(one.malformed);
      else {
        bytes += weightOf(await unpackFields(one));
        unreadable += one.unreadable;
      }
    expect(bytes).to.be.within(bomb.length, 80 * 1024 * 1024);
    expect(unreadable).to.be.at.least(40);
    expect(malformed).to.deep.equal(['its fields unpack to far more than the file is; not all were read']);
  });

  it('unpacks a field once that many entries have, damaged or not', () => {
    for (const [begin, unreadable] of [
      ['A', 500],
      ['A=', 0],
    ] as const) {
      const text = Buffer.concat([Buffer.from(begin), Buffer.alloc(1_000_000)]);
      const found = [...parseJournal(accessTo(entriesOf(text, 500)))];
      const told = found.map((one) => (isMalformed(one) ? one.malformed : one.unreadable));
      expect(told.filter((one) => one === 1)).to.have.length(unreadable === 0 ? 0 : 501);
      expect(told).to.have.length(501);
    }
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes(
      (bytes) => parseJournal(accessTo(bytes)),
      journalFile(entries),
      journalFile(entries, { compact: true }),
    ));
});

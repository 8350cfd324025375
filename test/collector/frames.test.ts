import { expect } from 'chai';
import fc from 'fast-check';
import { FrameError } from '../../src/collector/blocks.ts';
import { block, parsePieces, sampleStream, sampleToken } from './sample-stream.ts';
import type { SampleItem } from './sample-stream.ts';

const bytes = (constraints: { minLength?: number; maxLength: number }): fc.Arbitrary<Buffer> =>
  fc.uint8Array(constraints).map((value) => Buffer.from(value));
/** Any bytes but NUL, as one segment that is neither empty nor `.` nor `..`. */
const segment = bytes({ minLength: 1, maxLength: 20 }).map((value) =>
  Buffer.concat([
    Buffer.from('n'),
    Buffer.from(value.map((byte) => (byte === 0 || byte === 0x2f ? 10 : byte))),
  ]),
);
const item: fc.Arbitrary<SampleItem> = fc.record({
  name: segment,
  data: bytes({ maxLength: 300 }),
  link: fc.boolean(),
});
const stream = fc
  .record({ items: fc.array(item, { maxLength: 8 }), cuts: fc.array(fc.nat(5), { maxLength: 5 }) })
  .map(({ items, cuts }) => ({ items, ...sampleStream(items, cuts) }));

/** The items are the first ones of those sent, each whole and right. */
function expectPrefix(found: readonly SampleItem[], sent: readonly SampleItem[]): void {
  expect(found.length).to.be.at.most(sent.length);
  found.forEach((one, i) => {
    const other = sent[i];
    expect(one.name.equals(other?.name ?? Buffer.alloc(0))).to.equal(true);
    expect(one.data.equals(other?.data ?? Buffer.alloc(0))).to.equal(true);
    expect(one.link).to.equal(other?.link);
  });
}

function pieces(whole: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.map((position) => position % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end));
}

describe('FrameParser', () => {
  it('gives back every item, however the stream is cut into pieces', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat()), ({ items, bytes: whole }, at) => {
        const found = parsePieces(pieces(whole, at));
        expect(found.error).to.equal(undefined);
        expect(found.over).to.equal(true);
        expect(found.items.length).to.equal(items.length);
        expectPrefix(found.items, items);
        expect(found.items.map(({ header }) => header.sequence)).to.deep.equal(items.map((_, i) => i + 1));
      }),
    );
  });

  it('never takes a stream that was cut for a whole one', () => {
    fc.assert(
      fc.property(stream, fc.nat(), ({ items, bytes: whole }, at) => {
        const found = parsePieces([whole.subarray(0, at % whole.length)]);
        expect(found.over).to.equal(false);
        expectPrefix(found.items, items);
      }),
    );
  });

  it('finds every changed byte, and names the item', () => {
    fc.assert(
      fc.property(stream, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ items, bytes: whole }, at, flip) => {
        const changed = Buffer.from(whole);
        const position = at % changed.length;
        changed[position] = (changed[position] ?? 0) ^ flip;
        const found = parsePieces([changed]);
        // A changed length may make the parser wait for more than there is; that is no end either.
        expect(found.over && found.error === undefined).to.equal(false);
        expectPrefix(found.items, items);
        if (found.error !== undefined)
          expect(String(found.error)).to.match(/\((before the first|in|after) item/);
      }),
      { numRuns: 500 },
    );
  });

  it('finds bytes that were put in or taken out', () => {
    fc.assert(
      fc.property(
        stream,
        fc.nat(),
        bytes({ minLength: 1, maxLength: 200 }),
        fc.nat(50),
        (sent, at, extra, taken) => {
          const position = at % (sent.bytes.length + 1);
          const changed = Buffer.concat([
            sent.bytes.subarray(0, position),
            extra,
            sent.bytes.subarray(Math.min(position + taken, sent.bytes.length)),
          ]);
          fc.pre(!changed.equals(sent.bytes));
          const found = parsePieces([changed]);
          expect(found.over && found.error === undefined).to.equal(false);
          expectPrefix(found.items, sent.items);
        },
      ),
    );
  });

  it('refuses blocks that are left out, repeated, reordered, or of another run', () => {
    const other = sampleStream(
      [{ name: Buffer.from('other'), data: Buffer.from('x'), link: false }],
      [0],
      'f'.repeat(32),
    );
    fc.assert(
      fc.property(
        stream,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('omit', 'repeat', 'swap', 'other'),
        (sent, a, b, act) => {
          const blocks = [...sent.blocks];
          const [i, j] = [a % blocks.length, b % blocks.length];
          if (act === 'omit') blocks.splice(i, 1);
          if (act === 'repeat') blocks.splice(j, 0, ...blocks.slice(i, i + 1));
          if (act === 'swap')
            [blocks[i], blocks[j]] = [blocks[j] ?? Buffer.alloc(0), blocks[i] ?? Buffer.alloc(0)];
          if (act === 'other') blocks.splice(i, 0, ...other.blocks.slice(0, 1));
          fc.pre(!Buffer.concat(blocks).equals(sent.bytes));
          const found = parsePieces([Buffer.concat(blocks)]);
          expect(found.over && found.error === undefined).to.equal(false);
          expectPrefix(found.items, sent.items);
        },
      ),
    );
  });

  it('takes nothing but blocks, whatever the bytes', () => {
    fc.assert(
      fc.property(bytes({ minLength: 400, maxLength: 2000 }), (noise) => {
        const found = parsePieces([noise]);
        expect(found.error).to.be.instanceOf(FrameError);
        expect(found.items).to.deep.equal([]);
      }),
    );
  });

  it('refuses right blocks with wrong records', () => {
    const begin = 'item test file =a = -\n';
    const cases: [string, string, RegExp][] = [
      [
        'item test file =a = -\nitem test file =b = -\n',
        '',
        /an item begins inside another \(in item 1, a\)/,
      ],
      ['data 1\n', 'x', /data belongs to no file \(before the first item\)/],
      ['end ok 0 =\n', '', /an end belongs to no item/],
      [`${begin}data 2\n`, 'x', /less data than it says \(in item 1, a\)/],
      [`${begin}data 1\n`, 'xy', /more data than it says/],
      [`${begin}data 1\nend ok 2 =\n`, 'x', /not the length it says \(in item 1, a\)/],
      [`${begin}over 1 0\n`, '', /ends with 1 item and says 1/],
      ['over 1 0\n', '', /ends with 0 items and says 1/],
      ['over 0 0\nover 0 0\n', '', /goes on after the end/],
      ['item test file =a', '', /half a record/],
      ['nonsense\n', '', /no record/],
      ['item test fifo =a = -\n', '', /no record/],
      ['item test file =a%2Fb = -\n', '', /no record/],
      ['item test file =a%00b = -\n', '', /could leave its archive/],
      ['item test file =/etc/passwd = -\n', '', /could leave its archive/],
      ['item test file =a/../b = -\n', '', /could leave its archive/],
      ['item test file = = -\n', '', /could leave its archive/],
      ['item test file =a =b -\n', '', /target without a link/],
      ['item test file =a = 81a4 0 0\n', '', /facts of a file that cannot be read/],
      [`item test symlink =a =b -\ndata 0\n`, '', /data belongs to no file/],
    ];
    for (const [records, data, message] of cases) {
      const { error } = parsePieces([block(sampleToken, 1, records, Buffer.from(data))]);
      expect(String(error), records).to.match(message);
    }
  });

  it('refuses bytes after the end, in the same piece or a later one', () => {
    const { bytes: whole } = sampleStream([], []);
    expect(String(parsePieces([Buffer.concat([whole, Buffer.from('x')])]).error)).to.match(
      /goes on after its end/,
    );
    expect(String(parsePieces([whole, Buffer.from('x')]).error)).to.match(/goes on after its end/);
  });

  it('never reserves more than a block may hold', () => {
    const digests = `${'0'.repeat(64)} ${'0'.repeat(64)}`;
    const header = `${sampleToken} 1 4194305 0 ${digests}\n`;
    expect(String(parsePieces([Buffer.from(header)]).error)).to.match(/larger than a block may be/);
    const data = `${sampleToken} 1 10 12582913 ${digests}\n`;
    expect(String(parsePieces([Buffer.from(data)]).error)).to.match(/larger than a block may be/);
  });

  it('reads facts of files with their nanoseconds', () => {
    const { bytes: whole } = sampleStream(
      [{ name: Buffer.from('l'), data: Buffer.from('t'), link: true }],
      [],
    );
    const { stat } = parsePieces([whole]).items[0]?.header ?? {};
    expect(stat).to.deep.equal({
      mode: 0o100644,
      uid: 0,
      gid: 0,
      size: 1,
      links: 1,
      inode: 5n,
      device: 6n,
      accessed: 1_700_000_000_000_000_007n,
      modified: 1_700_000_001_000_000_008n,
      changed: 1_700_000_002_000_000_000n,
    });
  });

  it('names hostile items in a way that is safe for a terminal', () => {
    const records = 'item test file =%1b%5b2J = -\nend ok 1 =\n';
    const { error } = parsePieces([block(sampleToken, 1, records, Buffer.alloc(0))]);
    expect(String(error)).to.contain('in item 1, \\x1b[2J');
  });
});

import { expect } from 'chai';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { lineBlocks, recordBlocks } from '../../src/artifacts/blocks.ts';
import { isMalformed, lines } from '../../src/artifacts/lines.ts';
import { failureOf } from '../support/failure.ts';

function stream(...pieces: readonly (string | Buffer)[]): AsyncIterable<Buffer> {
  return Readable.from(pieces.map((piece) => Buffer.from(piece)));
}

const pieces = fc.array(fc.stringMatching(/^[ab\n]{0,9}$/), { maxLength: 9 });

describe('lineBlocks', () => {
  it('gives the same lines as the whole file, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (texts) => {
        const whole = Buffer.from(texts.join(''));
        const found: [string, number][] = [];
        for await (const block of lineBlocks(stream(...texts))) {
          if (isMalformed(block)) throw new Error(block.malformed);
          for (const line of lines(block.bytes))
            found.push([line.bytes.toString(), block.offset + line.offset]);
        }
        expect(found).to.deep.equal([...lines(whole)].map((line) => [line.bytes.toString(), line.offset]));
      }),
    );
  });

  it('tells a line that is too long and goes on behind it', async () => {
    const found: unknown[] = [];
    for await (const block of lineBlocks(stream('a\n', 'bbbbbbb', 'bbbb', 'bbbb\nccc\nd', 'd\n'), 8))
      found.push(isMalformed(block) ? block : [block.bytes.toString(), block.offset]);
    expect(found).to.deep.equal([
      ['a\n', 0],
      { malformed: 'a line is longer than 8 bytes', offset: 2 },
      ['ccc\n', 18],
      ['dd\n', 22],
    ]);
  });
});

describe('recordBlocks', () => {
  it('cuts between records only, and gives the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(70_000), { maxLength: 5 }),
        fc.constantFrom(1, 64, 9600),
        async (lengths, unit) => {
          const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1));
          const found: Buffer[] = [];
          let offset = 0;
          for await (const block of recordBlocks(stream(...chunks), unit)) {
            expect(block.offset).to.equal(offset);
            expect(offset % unit).to.equal(0);
            found.push(block.bytes);
            offset += block.bytes.length;
          }
          expect(Buffer.concat(found).equals(Buffer.concat(chunks))).to.equal(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('gives what came of a stream that fails before its error', async () => {
    const source = async function* (): AsyncGenerator<Buffer> {
      yield* stream('ab', 'cd');
      throw new Error('damaged');
    };
    const found: string[] = [];
    const reading = (async () => {
      for await (const { bytes } of recordBlocks(source(), 64)) found.push(bytes.toString());
    })();
    expect((await failureOf(reading)).message).to.equal('damaged');
    expect(found).to.deep.equal(['abcd']);
  });
});

import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { decompress } from '../../src/evidence/decompress.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, memorySource } from './sandbox.ts';

const content = randomBytes(700_000);
const packers = { gzip: gzipSync, zstd: zstdCompressSync } as const;

describe('decompress', () => {
  for (const compression of ['gzip', 'zstd'] as const) {
    const pack = packers[compression];
    const unpack = (bytes: Buffer): Promise<Buffer> => bytesOf(decompress(memorySource(bytes), compression));

    it(`reads ${compression} in one piece and in several`, async () => {
      const halves = [content.subarray(0, 100_000), content.subarray(100_000)].map((half) => pack(half));
      expect((await unpack(pack(content))).equals(content)).to.equal(true);
      expect((await unpack(Buffer.concat(halves))).equals(content)).to.equal(true);
    });

    it(`finds ${compression} cut, altered, or followed by anything`, async () => {
      const whole = pack(content);
      for (const length of [5, 1000, whole.length / 2, whole.length - 1])
        expect(await failureOf(unpack(whole.subarray(0, length))), String(length)).to.be.instanceOf(Error);
      const more = await failureOf(unpack(Buffer.concat([whole, Buffer.from('more')])));
      expect(more.message).to.match(/something else behind|incorrect header/);
    });

    it(`can be left in the middle of ${compression}`, async () => {
      for await (const chunk of decompress(memorySource(pack(content)), compression)) {
        expect(chunk.length).to.be.greaterThan(0);
        break;
      }
    });
  }

  it('finds what follows gzip behind zeros', async () => {
    for (const more of [gzipSync('more'), Buffer.from('x')])
      for (const zeros of [1, 512, 300_000]) {
        const all = Buffer.concat([gzipSync(content), Buffer.alloc(zeros), more]);
        expect((await failureOf(bytesOf(decompress(memorySource(all), 'gzip')))).message).to.contain(
          'something else behind the compressed data',
        );
      }
  });

  it('takes zeros behind gzip, as tapes have them', async () => {
    for (const zeros of [1, 512, 300_000]) {
      const bytes = Buffer.concat([gzipSync(content), Buffer.alloc(zeros)]);
      expect((await bytesOf(decompress(memorySource(bytes), 'gzip'))).equals(content)).to.equal(true);
    }
  });

  it('gives what is not compressed as it is', async () => {
    expect((await bytesOf(decompress(memorySource(content), 'none'))).equals(content)).to.equal(true);
  });
});

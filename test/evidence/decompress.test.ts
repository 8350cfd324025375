import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { decompress } from '../../src/evidence/decompress.ts';
import { sleepFor } from '../../src/output/io.ts';
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

  it('gives what stands before a damage also to who takes it slowly', async () => {
    const plain = randomBytes(20_000);
    const cut = gzipSync(plain).subarray(0, 19_900);
    const read = async function* (): AsyncGenerator<Buffer> {
      await Promise.resolve();
      for (let at = 0; at < cut.length; at += 500) yield cut.subarray(at, at + 500);
    };
    const came: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of decompress({ name: 'x', size: cut.length, read }, 'gzip')) {
        if (came.length === 0) await sleepFor(200);
        came.push(chunk);
      }
    })();
    expect(await failureOf(reading)).to.have.property('code', 'Z_BUF_ERROR');
    const unpacked = Buffer.concat(came);
    expect(unpacked.length).to.be.greaterThan(19_000);
    expect(unpacked.equals(plain.subarray(0, unpacked.length))).to.equal(true);
  });

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

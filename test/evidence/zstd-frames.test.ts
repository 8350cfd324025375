import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { ZstdFrames } from '../../src/evidence/zstd-frames.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, piecesOf, run } from './sandbox.ts';

async function framesOf(bytes: Buffer, size = 1000): Promise<Buffer[]> {
  const frames = new ZstdFrames(piecesOf(bytes, size));
  const found: Buffer[] = [];
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next())
    found.push(await bytesOf(frame));
  return found;
}

const small = zstdCompressSync(Buffer.from('hello'));
/** Of more than one block (128 KiB at most, RFC 8878 3.1.1.2). */
const large = zstdCompressSync(randomBytes(140_000));
const zeros = zstdCompressSync(Buffer.alloc(400_000));

describe('ZstdFrames', () => {
  it('tells frames apart and leaves out those without content', async () => {
    const skippable = Buffer.from('5a2a4d1803000000616263', 'hex');
    const all = Buffer.concat([small, skippable, large, zeros, skippable]);
    for (const size of [1, 7, 1_000_000])
      expect(await framesOf(all, size)).to.deep.equal([small, large, zeros]);
    expect(await framesOf(Buffer.alloc(0))).to.deep.equal([]);
  }).timeout(20_000);

  it('knows the frames of zstd at every level and with a checksum', () =>
    inSandbox(async (dir) => {
      for (const flags of ['-1 --no-check', '-19', '--ultra -22 --check', '-3 --no-content-size']) {
        const text = await run('sh', ['-c', `seq 60000 | zstd ${flags} -c | base64 -w0`], dir);
        const bytes = Buffer.from(text, 'base64');
        expect(await framesOf(bytes, 10_000)).to.deep.equal([bytes]);
      }
    })).timeout(60_000);

  it('finds every cut and anything behind the last frame', async () => {
    for (let length = 1; length < small.length; length += 1)
      expect((await failureOf(framesOf(small.subarray(0, length)))).message).to.equal(
        'the compressed data is cut',
      );
    expect((await failureOf(framesOf(Buffer.concat([small, Buffer.from('more')])))).message).to.equal(
      'there is something else behind the compressed data',
    );
  });
});

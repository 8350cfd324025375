import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { compressZstd } from '../../src/evidence/zstd-compress.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, piecesOf, run } from './sandbox.ts';

const mebibyte = 1024 * 1024;
/** Text, noise and zeros, some frames of them. */
const content = Buffer.concat([
  Buffer.from('line of a log\n'.repeat(200_000)),
  randomBytes(3 * mebibyte),
  Buffer.alloc(5 * mebibyte),
]);

describe('compressZstd', () => {
  it('is read by zstd, whatever the length', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.zst');
      for (const length of [0, 1, 2 * mebibyte, 2 * mebibyte + 1, content.length]) {
        const part = content.subarray(0, length);
        await writeFile(path, await bytesOf(compressZstd(piecesOf(part, 300_000))));
        await run('zstd', ['-t', '-q', path]);
        await run('zstd', ['-d', '-q', '-f', '-o', `${path}.plain`, path]);
        expect((await run('sha256sum', [`${path}.plain`])).slice(0, 64), String(length)).to.equal(
          createHash('sha256').update(part).digest('hex'),
        );
      }
    })).timeout(30_000);

  it('gives the same bytes for the same content, however it comes', async () => {
    const sums = new Set<string>();
    for (const size of [content.length, 2 * mebibyte, 65_536, 999_983]) {
      const bytes = await bytesOf(compressZstd(piecesOf(content, size)));
      sums.add(createHash('sha256').update(bytes).digest('hex'));
    }
    expect(sums.size).to.equal(1);
  }).timeout(30_000);

  it('takes no more of its source than some frames ahead, and fails as its source does', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      const piece = Buffer.alloc(mebibyte);
      for (;;) {
        taken += 1;
        yield await Promise.resolve(piece);
      }
    }
    const compressed = compressZstd(endless());
    await compressed.next();
    expect(taken).to.be.lessThan(20);
    await compressed.return(undefined);
    async function* failing(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(content);
      throw new Error('the source failed');
    }
    expect((await failureOf(bytesOf(compressZstd(failing())))).message).to.equal('the source failed');
  });
});

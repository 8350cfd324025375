import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { HashPool } from '../../src/evidence/hash-pool.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox } from './sandbox.ts';

const algorithms = ['sha256', 'sha512'];

/** Lends a pool and ends its workers. */
async function withPool<T>(work: (pool: HashPool) => Promise<T>): Promise<T> {
  const pool = new HashPool(2);
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

describe('hash pool', () => {
  it('gives the digests of small, many and large files in their order', () =>
    inSandbox((dir) =>
      withPool(async (pool) => {
        const sizes = [0, 10, 100_000, 9_000_000, ...Array.from({ length: 100 }, (_, at) => at)];
        const contents = sizes.map((size) => randomBytes(size));
        const paths = sizes.map((_, at) => join(dir, String(at)));
        for (const [at, path] of paths.entries()) await writeFile(path, contents[at] ?? '');
        const halves = [paths.slice(0, 5), paths.slice(5)];
        const files = (await Promise.all(halves.map((half) => pool.digest(half, algorithms)))).flat();
        for (const [at, content] of contents.entries())
          expect(files[at]).to.deep.equal({
            kind: 'file',
            size: content.length,
            digests: new Map(
              algorithms.map((name) => [name, createHash(name).update(content).digest('hex')]),
            ),
          });
      }),
    ));

  it('rejects for a file that cannot be read, as the operating system says', () =>
    inSandbox((dir) =>
      withPool(async (pool) => {
        const failure = await failureOf(pool.digest([join(dir, 'none')], algorithms));
        expect(failure).to.include({ code: 'ENOENT', syscall: 'read' });
        const many = Array.from({ length: 100 }, () => join(dir, 'none'));
        expect(await failureOf(pool.digest(many, algorithms))).to.include({ code: 'ENOENT' });
      }),
    ));

  it('leaves no question unanswered when it is closed, nor after it', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'file');
      await writeFile(path, randomBytes(32 * 1024 * 1024));
      const pool = new HashPool(1);
      const asked = [1, 2, 3].map(() => failureOf(pool.digest([path], algorithms)));
      await pool.close(new Error('stopped'));
      for (const { message } of await Promise.all(asked)) expect(message).to.equal('stopped');
      expect((await failureOf(pool.digest([path], algorithms))).message).to.equal('stopped');
    }));
});

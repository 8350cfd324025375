import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Reserve } from '../../src/evidence/reserve.ts';
import { TarFile } from '../../src/evidence/tar-file.ts';
import type { TarEntry } from '../../src/evidence/tar-header.ts';
import { inSandbox, run } from './sandbox.ts';

const entry: TarEntry = {
  name: Buffer.from('a'),
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0n,
};

async function inTar(work: (tar: TarFile, path: string) => Promise<void>): Promise<void> {
  await inSandbox(async (dir) => {
    const path = join(dir, 'x.tar');
    await work(new TarFile(await open(path, 'wx+'), await Reserve.make(join(dir, 'r'))), path);
  });
}

describe('tar file', () => {
  it('writes the true length into a header that left its buffer long ago, or only in part', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 1, 512, 1_047_000, 1_048_064, 2_500_000), { minLength: 1, maxLength: 3 }),
        (sizes) =>
          inTar(async (tar, path) => {
            for (const [at, size] of sizes.entries()) {
              await tar.begin({ ...entry, name: Buffer.from(`${at}`.padStart(90 + at * 40, 'x')) });
              await tar.write(Buffer.alloc(size, 65 + at));
              expect(await tar.end()).to.be.greaterThan(0);
            }
            await tar.close();
            const listed = (await run('tar', ['--full-time', '-tvf', path])).trimEnd().split('\n');
            expect(listed.map((line) => Number(line.split(/\s+/)[2]))).to.deep.equal(sizes);
            expect((await readFile(path)).length).to.equal(tar.size);
          }),
      ),
      { numRuns: 10 },
    )).timeout(20_000);

  it('keeps small and large pieces in their order', () =>
    inTar(async (tar, path) => {
      const pieces = [7, 1_048_576, 1_048_575, 3, 2_000_000, 1].map((size, at) =>
        Buffer.alloc(size, 65 + at),
      );
      await tar.begin(entry);
      for (const piece of pieces) await tar.write(piece);
      const start = await tar.end();
      await tar.close();
      const whole = Buffer.concat(pieces);
      expect((await readFile(path)).subarray(start, start + whole.length).equals(whole)).to.equal(true);
    }));

  it('takes an entry back', () =>
    inTar(async (tar, path) => {
      await tar.begin(entry);
      await tar.write(Buffer.from('kept'));
      await tar.end();
      await tar.begin({ ...entry, name: Buffer.from('b') });
      await tar.write(Buffer.alloc(3_000_000));
      await tar.discard();
      await tar.close();
      expect(await run('tar', ['-tf', path])).to.equal('a\n');
    }));
});

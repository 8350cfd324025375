import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { listContents } from '../../src/evidence/archive-contents.ts';
import { caseTar, type ArchiveJob } from '../../src/evidence/case-tar.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { openCase } from '../../src/evidence/case.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { bytesOf, inSandbox, run } from './sandbox.ts';

const longName = `${'d'.repeat(90)}/${'e'.repeat(90)}`;

/** A sealed case with a file under a long name and one of some pieces. */
async function job(dir: string): Promise<ArchiveJob> {
  await sampleCase(dir, false);
  await mkdir(join(dir, 'data', 'd'.repeat(90)));
  await writeFile(join(dir, 'data', longName), 'under a long name');
  await writeFile(join(dir, 'data/large'), Buffer.alloc(3_000_000, 'large'));
  const opened = await openCase(memoryIo(), { dir, target: '' });
  await sealCase(opened);
  await opened.close();
  return {
    dir,
    name: 'ir',
    contents: await listContents(dir),
    copied: false,
    progress: undefined,
    signal: undefined,
  };
}

async function copied(tar: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe('caseTar', () => {
  it('is a tar with the files of the case, their order, one owner, one mode and the time of the seal', () =>
    inSandbox(async (dir) => {
      const made = await job(join(dir, 'case'));
      await writeFile(join(dir, 'x.tar'), await bytesOf(caseTar(made, false)));
      const listed = await run('tar', ['--numeric-owner', '--full-time', '-tvf', 'x.tar'], dir);
      const time = made.contents.sealed.toISOString().replace('T', ' ').slice(0, 19);
      expect(
        listed
          .trimEnd()
          .split('\n')
          .map((line) => line.replace(/ +/g, ' ')),
      ).to.deep.equal(
        made.contents.files.map(({ path, stats }) => `-rw------- 0/0 ${stats.size} ${time} ir/${path}`),
      );
      await run('tar', ['-xf', 'x.tar'], dir);
      expect(await run('diff', ['-r', 'case', 'ir'], dir)).to.equal('');
    }));

  it('has the same bytes when its pieces are lent', () =>
    inSandbox(async (dir) => {
      const made = await job(dir);
      const owned = await bytesOf(caseTar(made, false));
      expect((await copied(caseTar(made, true))).equals(owned)).to.equal(true);
    }));

  it('stops at a file that became shorter, also one that stands in no manifest', () =>
    inSandbox(async (dir) => {
      const made = await job(dir);
      for (const path of ['data/large', 'tagmanifest-sha512.txt']) {
        await truncate(join(dir, path), 10);
        const { message } = await failureOf(bytesOf(caseTar(made, false)));
        expect(message).to.equal(`${path} is not what was sealed; nothing was archived`);
      }
    }));
});

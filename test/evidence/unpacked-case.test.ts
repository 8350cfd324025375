import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { pack } from 'tar-stream';
import { packCase } from '../../src/evidence/archive.ts';
import { withCaseDirectory } from '../../src/evidence/unpacked-case.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { caseWith } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

const signal = new AbortController().signal;

async function tarOf(members: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(members)) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the directory of a case', () => {
  it('is that of an archive while it is used, for its owner alone, and gone afterwards', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'case'), { '[root]/etc/passwd': 'x' });
      for (const format of ['tar.gz', 'tar.zst', 'zip'] as const) {
        const { path } = await packCase(memoryIo(), join(dir, 'case'), { format, signal });
        const lent = await withCaseDirectory(path, signal, async (place) => {
          const [name = ''] = await readdir(join(place, 'data/acquisitions'));
          const files = (await readdir(join(place, 'data/acquisitions', name))).sort();
          const own = join(dir, 'case/data/acquisitions', name);
          for (const file of files)
            expect(await readFile(join(place, 'data/acquisitions', name, file))).to.deep.equal(
              await readFile(join(own, file)),
            );
          expect(files).to.deep.equal((await readdir(own)).sort());
          expect((await stat(place)).mode & 0o777).to.equal(0o700);
          return place;
        });
        expect(await stat(lent).catch(() => undefined)).to.equal(undefined);
      }
    }));

  it('is itself where it is no archive', async () => {
    expect(await withCaseDirectory('/nowhere', signal, (dir) => Promise.resolve(dir))).to.equal('/nowhere');
  });

  it('takes nothing of an archive that has another name or place', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.tar');
      await writeFile(
        path,
        await tarOf({
          '../../evil': '1',
          'c/data/acquisitions/../../../evil': '2',
          'c/data/acquisitions/a/.hidden': '3',
          'c/data/acquisitions/a/b/c': '4',
          'c/data/custody.jsonl': '5',
          'c/data/custody-after-seal.jsonl': '5',
          'c/data/findings.jsonl': '6',
          'c/bag-info.txt': '7',
          'c/data/case.json': '{}',
        }),
      );
      await withCaseDirectory(path, signal, async (place) => {
        expect(await readdir(place)).to.deep.equal(['data']);
        expect((await readdir(join(place, 'data'))).sort()).to.deep.equal([
          'case.json',
          'custody-after-seal.jsonl',
          'custody.jsonl',
        ]);
      });
    }));

  it('is none of an archive that is cut, or holds a file twice', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.tar');
      const whole = await tarOf({ 'c/data/case.json': '{}', 'c/data/acquisitions/a/b': 'x' });
      const one = await tarOf({ 'd/data/case.json': '{}' });
      for (const [tar, says] of [
        [whole.subarray(0, 1100), 'is no archive to trust: the tar is cut'],
        [Buffer.concat([one.subarray(0, 1024), whole]), 'is no archive to trust: it holds a file twice'],
      ] as const) {
        await writeFile(path, tar);
        const error = await failureOf(withCaseDirectory(path, signal, () => Promise.resolve()));
        expect(error).to.be.instanceOf(OperationError);
        expect(error.message).to.contain(says);
      }
    }));

  it('is none of what is no archive, or an archive of something else, and leaves nothing', () =>
    inSandbox(async (dir) => {
      const left = async (): Promise<string[]> =>
        (await readdir(tmpdir())).filter((name) => /^kubectl-ir-[A-Za-z0-9]{6}$/.test(basename(name)));
      const before = await left();
      const path = join(dir, 'x.tar');
      await writeFile(path, 'no archive');
      expect((await failureOf(withCaseDirectory(path, signal, () => Promise.resolve()))).message).to.contain(
        'is no archive',
      );
      await writeFile(path, await tarOf({ 'etc/passwd': 'x' }));
      expect((await failureOf(withCaseDirectory(path, signal, () => Promise.resolve()))).message).to.contain(
        'no case in',
      );
      expect(await left()).to.deep.equal(before);
    }));
});

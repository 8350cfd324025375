import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { fewFiles, syncFiles } from '../../src/evidence/sync-files.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { syncsDuring } from './syncs.ts';
import { inSandbox } from './sandbox.ts';

/** Files `a-0`, `a-1` … in a directory. */
async function fill(dir: string, count: number): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const names = Array.from({ length: count }, (_, at) => `a-${at}`);
  await Promise.all(names.map((name) => writeFile(join(dir, name), name)));
  return names;
}

/** A `sync` that writes down what it is called with, and what then lies in `look`. */
async function fakeSync(dir: string, look: string, code = 0): Promise<{ program: string; log: string }> {
  const [program, log] = [join(dir, 'sync'), join(dir, 'log')];
  await writeFile(program, `#!/bin/sh\n{ echo "$@"; ls '${look}'; } >> '${log}'\nexit ${code}\n`);
  await chmod(program, 0o755);
  return { program, log };
}

describe('syncFiles', () => {
  it('waits for each of a few files', () =>
    inSandbox(async (dir) => {
      const names = await fill(dir, fewFiles);
      const program = join(dir, 'missing');
      const synced = await syncsDuring(() => syncFiles(dir, names, { program }));
      expect(synced.sort()).to.deep.equal(names.map((name) => join(dir, name)).sort());
    }));

  it('waits once for the file system of many', () =>
    inSandbox(async (dir) => {
      const names = await fill(join(dir, 'data'), fewFiles + 1);
      const { program, log } = await fakeSync(dir, dir);
      const synced = await syncsDuring(() => syncFiles(join(dir, 'data'), names, { program }));
      expect(synced).to.deep.equal([]);
      expect((await readFile(log, 'utf8')).split('\n')[0]).to.equal(`-f ${join(dir, 'data', 'a-0')}`);
    }));

  it('waits for each of many where the program of the machine fails, or there is none', () =>
    inSandbox(async (dir) => {
      const names = await fill(join(dir, 'data'), fewFiles + 1);
      const { program } = await fakeSync(dir, dir, 1);
      for (const other of [program, join(dir, 'missing')]) {
        const synced = await syncsDuring(() => syncFiles(join(dir, 'data'), names, { program: other }));
        expect(new Set(synced).size).to.equal(names.length);
      }
    }));

  it('works with the program of this machine', () =>
    inSandbox(async (dir) => {
      const names = await fill(dir, fewFiles + 1);
      expect(await syncsDuring(() => syncFiles(dir, names))).to.deep.equal([]);
    }));

  it('fails when a file is gone, and stops when it shall', () =>
    inSandbox(async (dir) => {
      const names = await fill(dir, 2);
      const stopped = await failureOf(syncFiles(dir, names, { signal: AbortSignal.abort() }));
      expect(stopped.name).to.equal('AbortError');
      await rm(join(dir, 'a-1'));
      expect(await failureOf(syncFiles(dir, names))).to.have.property('code', 'ENOENT');
    }));
});

describe('what a seal says is on disk', () => {
  for (const { what, count } of [
    { what: 'a few files', count: 3 },
    { what: 'many files', count: fewFiles + 1 },
  ])
    it(`was put there before the manifests were, with ${what}`, () =>
      inSandbox(async (dir) => {
        const place = join(dir, 'case');
        const opened = await openCase(memoryIo(), { dir: place, target: 'x' });
        await fill(join(place, 'data/more'), count);
        const { log } = await fakeSync(dir, place);
        const before = process.env['PATH'];
        process.env['PATH'] = `${dir}:${before}`;
        let synced: string[];
        try {
          synced = await syncsDuring(() => sealCase(opened));
        } finally {
          process.env['PATH'] = before;
          await opened.close();
        }
        const firstTag = synced.findIndex((path) => path.includes('bag'));
        const waited = synced.slice(0, firstTag).filter((path) => path.includes('/data/more/'));
        expect(firstTag).to.be.greaterThan(-1);
        if (count <= fewFiles) expect(waited).to.have.length(count);
        else
          expect((await readFile(log, 'utf8')).trim().split('\n')).to.deep.equal([
            `-f ${join(place, 'data/case.json')}`,
            'data',
          ]);
      }));
});

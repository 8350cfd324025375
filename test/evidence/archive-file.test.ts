import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { listContents } from '../../src/evidence/archive-contents.ts';
import { archiveFormats, writeArchive } from '../../src/evidence/archive-file.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

describe('writeArchive', () => {
  it('tells how far it is, and what it wrote', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const contents = await listContents(join(dir, 'case'));
      const total = contents.files.reduce((sum, { stats }) => sum + stats.size, 0);
      for (const format of archiveFormats) {
        const seen: number[] = [];
        const path = join(dir, format);
        const progress = (done: number): unknown => seen.push(done);
        const job = { dir: join(dir, 'case'), name: 'ir', contents, progress, signal: undefined };
        const { size } = await writeArchive(path, format, job);
        expect([seen.at(-1), (await stat(path)).size]).to.deep.equal([total, size]);
      }
    }));

  it('fails with the error of an output that cannot be written, never over a file', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const contents = await listContents(join(dir, 'case'));
      const job = { dir: join(dir, 'case'), name: 'ir', contents, progress: undefined, signal: undefined };
      const before = await readFile(join(dir, 'case/bagit.txt'));
      const error = await failureOf(writeArchive(join(dir, 'case/bagit.txt'), 'tar', job));
      expect(error.message).to.contain('EEXIST');
      expect(await readFile(join(dir, 'case/bagit.txt'))).to.deep.equal(before);
    }));
});

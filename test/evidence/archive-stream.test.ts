import { join } from 'node:path';
import { appendFile, rm } from 'node:fs/promises';
import { expect } from 'chai';
import { listContents } from '../../src/evidence/archive-contents.ts';
import { archiveFormats, streamArchive } from '../../src/evidence/archive-stream.ts';
import type { ArchiveJob } from '../../src/evidence/case-tar.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { bytesOf, inSandbox } from './sandbox.ts';

async function sampleJob(dir: string): Promise<ArchiveJob> {
  await sampleCase(dir);
  return {
    dir,
    name: 'ir',
    contents: await listContents(dir),
    copied: false,
    progress: undefined,
    signal: undefined,
  };
}

describe('streamArchive', () => {
  it('tells how far it is', () =>
    inSandbox(async (dir) => {
      const job = await sampleJob(join(dir, 'case'));
      const total = job.contents.files.reduce((sum, { stats }) => sum + stats.size, 0);
      for (const format of archiveFormats) {
        const seen: number[] = [];
        const progress = (done: number): unknown => seen.push(done);
        await streamArchive(format, { ...job, progress }, bytesOf);
        expect([seen.at(-1), seen.toSorted((a, b) => a - b)]).to.deep.equal([total, seen]);
      }
    }));

  it('goes no faster than it is read', () =>
    inSandbox(async (dir) => {
      const job = await sampleJob(dir);
      await appendFile(join(dir, 'data/case.json'), Buffer.alloc(64 * 1024 * 1024));
      const { files, ...more } = await listContents(dir);
      const contents = { ...more, files: files.filter(({ path }) => path === 'data/case.json') };
      let done = 0;
      const progress = (bytes: number): void => {
        done = bytes;
      };
      await streamArchive('tar', { ...job, contents, progress }, async (bytes) => {
        for await (const chunk of bytes) {
          expect(chunk.length).to.be.greaterThan(0);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(done).to.be.lessThan(8 * 1024 * 1024);
      });
    }));

  it('fails with what its reader threw, and with what a file that changed is called', () =>
    inSandbox(async (dir) => {
      const job = await sampleJob(dir);
      for (const format of archiveFormats) {
        const refused = streamArchive(format, job, () => Promise.reject(new Error('disk full')));
        expect((await failureOf(refused)).message).to.equal('disk full');
      }
      await appendFile(join(dir, 'data/case.json'), 'x');
      const grown = { ...job, contents: await listContents(dir) };
      await rm(join(dir, 'data/custody.jsonl'));
      for (const format of archiveFormats) {
        expect((await failureOf(streamArchive(format, grown, bytesOf))).message).to.equal(
          'data/case.json is not what was sealed; nothing was archived',
        );
      }
    }));

  it('ends at an abort, before and while it runs', () =>
    inSandbox(async (dir) => {
      const job = await sampleJob(dir);
      for (const format of archiveFormats) {
        const controller = new AbortController();
        const progress = (): void => controller.abort(new Error('enough'));
        const running = streamArchive(format, { ...job, progress, signal: controller.signal }, bytesOf);
        expect((await failureOf(running)).message).to.equal('enough');
        const late = streamArchive(format, { ...job, signal: controller.signal }, bytesOf);
        expect((await failureOf(late)).message).to.equal('enough');
      }
    }));
});

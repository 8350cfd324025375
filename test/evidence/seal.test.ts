import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addLargeFile, sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';
import { withFailingSync } from './syncs.ts';

describe('seal', () => {
  it('leaves a sealed case as it is', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const before = await stat(join(dir, 'bagit.txt'));
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await sealCase(opened);
      await opened.close();
      expect((await stat(join(dir, 'bagit.txt'))).mtimeMs).to.equal(before.mtimeMs);
    }));

  it('goes on with a seal that was killed after its line in custody', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await opened.custody.append({ action: 'seal', object: opened.name, result: 'done' });
      await opened.close();
      await writeFile(join(dir, 'bagit.txt'), 'half');
      const again = await openCase(memoryIo(), { dir, target: '' });
      await sealCase(again);
      await again.close();
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
      expect(
        (await readFile(join(dir, 'data/custody.jsonl'), 'utf8')).match(/"action":"seal"/g),
      ).to.have.length(1);
    }));

  it('can be interrupted in the middle of a large file', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      await addLargeFile(dir);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      const stopping = sealCase(opened, AbortSignal.timeout(50));
      expect((await failureOf(stopping)).name).to.equal('TimeoutError');
      await opened.close();
    }));

  for (const [code, said] of [
    ['ENOSPC', 'no space left on this machine'],
    ['EIO', 'the disk of this machine failed (EIO)'],
  ] as const)
    it(`is one sentence where the payload can't be brought onto the disk (${code})`, () =>
      inSandbox(async (dir) => {
        await sampleCase(dir, false);
        const opened = await openCase(memoryIo(), { dir, target: '' });
        const sealing = withFailingSync('data/case.json', code, () => sealCase(opened));
        const { name, message } = await failureOf(sealing);
        await opened.close();
        expect([name, message]).to.deep.equal(['OperationError', `cannot seal the case: ${said}`]);
      }));

  it('refuses while an acquisition runs, and what a bag cannot hold', () =>
    inSandbox(async (dir) => {
      const opened = await openCase(memoryIo(), { dir, target: 'x' });
      const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
      expect((await failureOf(sealCase(opened))).message).to.match(
        /^cannot seal the case: data\/acquisitions\/.* is still running$/,
      );
      await acquisition.finish({ outcome: 'complete' });
      await symlink('/etc/passwd', join(dir, 'data/link'));
      expect((await failureOf(sealCase(opened))).message).to.contain('data/link can be no file of a bag');
      await opened.close();
    }));

  it('takes a case as it is, of which an acquisition has lost its record', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      await rm(join(dir, 'data/acquisitions/20261122T041500Z-diff-shop/acquisition.json'));
      await writeFile(join(dir, 'data/acquisitions/file'), 'x');
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await sealCase(opened);
      await opened.close();
      expect((await verifyPath(dir)).problems.map(({ where, what }) => `${where} ${what}`)).to.include(
        'data/acquisitions/20261122T041500Z-diff-shop/acquisition.json is missing or no record of an acquisition',
      );
    }));

  it('takes plain files that others put into the payload', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      await mkdir(join(dir, 'data/notes'));
      await writeFile(join(dir, 'data/notes/50% [done] é.txt'), 'x');
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await sealCase(opened);
      await opened.close();
      expect((await verifyPath(dir)).problems).to.deep.equal([]);
    }));
});

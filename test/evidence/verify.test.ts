import { open, readFile, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { failureOf } from '../support/failure.ts';
import { addLargeFile, sampleCase } from './sample.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox, run } from './sandbox.ts';

/** Every file below a directory, relative. */
async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}

describe('verify', () => {
  it('calls a sealed case consistent, and stock programs agree', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { verdict, checks, problems } = await verifyPath(dir);
      expect(problems).to.deep.equal([]);
      expect(verdict).to.equal('CONSISTENT');
      expect(checks.map(({ check, result }) => [check, result])).to.deep.equal([
        ['bag', 'ok'],
        ['custody', 'ok'],
        ['acquisition', 'ok'],
        ['acquisition', 'ok'],
        ['signature', 'absent'],
      ]);
      for (const file of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
        await run('sha256sum', ['--strict', '--quiet', '-c', file], dir);
      for (const file of ['manifest-sha512.txt', 'tagmanifest-sha512.txt'])
        await run('sha512sum', ['--strict', '--quiet', '-c', file], dir);
    }));

  it('can be interrupted in the middle of a large file', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      await addLargeFile(dir);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await sealCase(opened);
      await opened.close();
      expect((await failureOf(verifyPath(dir, { signal: AbortSignal.timeout(50) }))).name).to.equal(
        'TimeoutError',
      );
    })).timeout(30_000);

  it('says unsealed of a case that has no bag yet, and still checks chain and tars', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      expect(await verifyPath(dir)).to.include({ verdict: 'UNSEALED', problemCount: 0 });
    }));

  it('writes nothing into what it verifies', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const before = await Promise.all((await filesOf(dir)).map((file) => stat(join(dir, file))));
      await verifyPath(dir);
      const after = await Promise.all((await filesOf(dir)).map((file) => stat(join(dir, file))));
      expect(after.map(({ mtimeMs, size }) => [mtimeMs, size])).to.deep.equal(
        before.map(({ mtimeMs, size }) => [mtimeMs, size]),
      );
    }));

  it('finds any changed byte in any file, sealed and with an act after the seal', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await opened.custody.appendAfterSeal({ action: 'handover', object: 'x', result: 'done' });
      await opened.close();
      await findsAnyChange(dir, 100);
    })).timeout(60_000);

  it('finds any changed byte in any file of an unsealed case', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      await findsAnyChange(dir, 40);
    })).timeout(60_000);

  it('finds every changed bit of the record of an unsealed case, one that makes it look newer too', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const path = join(dir, 'data/case.json');
      const record = await readFile(path, 'utf8');
      for (const [known, changed] of [
        ['"format": 1', '"format": 3'],
        ['kubectl-ir/v1', 'kubectl-ir/v3'],
        ['"apiVersion"', '"apiVersiom"'],
      ] as const) {
        expect(record).to.include(known);
        await writeFile(path, record.replace(known, changed));
        const { verdict, problems } = await verifyPath(dir);
        expect([verdict, problems.map(({ where }) => where)]).to.deep.equal(['BROKEN', ['data/case.json']]);
      }
    }));

  it('names files that are missing, extra, moved or links', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await writeFile(join(dir, 'data/extra.txt'), 'x');
      await writeFile(join(dir, 'note.txt'), 'x');
      await symlink('/etc/passwd', join(dir, 'data/link'));
      await rename(join(dir, 'data/case.json'), join(dir, 'data/moved.json'));
      const { verdict, problems } = await verifyPath(dir);
      expect(verdict).to.equal('BROKEN');
      expect(problems.map(({ where, what }) => `${where} ${what}`)).to.include.members([
        'data/extra.txt is extra: it stands in no manifest',
        'data/link is no plain file',
        'data/case.json is missing, it stands in manifest-sha256.txt',
        'data/moved.json is extra: it stands in no manifest',
      ]);
    }));

  it('finds a custody line removed, moved or edited, also when the bag is made anew', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const path = join(dir, 'data/custody.jsonl');
      const lines = (await readFile(path, 'utf8')).split('\n');
      const edits = [
        lines.toSpliced(1, 1),
        lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? ''),
        lines.map((line, at) => (at === 1 ? line.replace('node-a', 'node-b') : line)),
      ];
      for (const edited of edits) {
        await writeFile(path, edited.join('\n'));
        const { problems } = await verifyPath(dir);
        expect(problems[0]?.where).to.equal('data/custody.jsonl');
        expect(problems[0]?.what).to.match(/^line 2 /);
      }
    }));

  it('checks a case that a newer program wrote as a bag, and says so', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const path = join(dir, 'data/case.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 9'));
      // Custody has another digest of it, and without a seal nothing else speaks for it.
      expect((await verifyPath(dir)).verdict).to.equal('BROKEN');
      const digest = await run('sh', ['-c', 'sha256sum $(find data -type f)'], dir);
      await writeFile(join(dir, 'manifest-sha256.txt'), digest);
      await writeFile(join(dir, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
      const { verdict, type, checks, problems } = await verifyPath(dir);
      expect([verdict, type, problems]).to.deep.equal(['CONSISTENT', 'case', []]);
      expect(checks.map(({ detail }) => detail)).to.include(
        'written by a newer kubectl ir (format 9, known here: 1); checked as a bag only',
      );
      const refused = await failureOf(openCase(memoryIo(), { dir, target: '' }));
      expect(refused.message).to.contain('was written by a newer kubectl ir (format 9, known here: 1)');
    }));

  it('goes on with the same chain when more evidence re-opens a sealed case', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const first = await openCase(memoryIo(), { dir, target: '' });
      await first.custody.appendAfterSeal({ action: 'handover', object: 'x', result: 'done' });
      await first.close();
      const again = await openCase(memoryIo(), { dir, target: '' });
      expect(again.custody.sealed).to.equal(true);
      const acquisition = await again.startAcquisition({ kind: 'pod', target: 'shop' });
      expect(await readdir(dir)).to.not.include('bagit.txt');
      await acquisition.finish({ outcome: 'complete' });
      await sealCase(again);
      await again.close();
      const { verdict, problems } = await verifyPath(dir);
      expect([verdict, problems]).to.deep.equal(['CONSISTENT', []]);
      const custody = await readFile(join(dir, 'data/custody.jsonl'), 'utf8');
      const actions = custody
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { action: string }).action);
      expect(actions.slice(-6)).to.deep.equal(['seal', 'handover', 'reopen', 'acquire', 'acquire', 'seal']);
    }));
});

/** Flips one bit of one byte at a time; each must be found. */
async function findsAnyChange(dir: string, times: number): Promise<void> {
  const files = await filesOf(dir);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat({ max: 7 }),
      async (file, where, bit) => {
        const handle = await open(join(dir, file), 'r+');
        const { size } = await handle.stat();
        const at = Math.min(size - 1, Math.floor(where * size));
        const byte = Buffer.alloc(1);
        await handle.read(byte, 0, 1, at);
        const flipped = Buffer.from([(byte[0] ?? 0) ^ (1 << bit)]);
        await handle.write(flipped, 0, 1, at);
        const { verdict } = await verifyPath(dir);
        await handle.write(byte, 0, 1, at);
        await handle.close();
        expect(verdict, `${file} byte ${at} bit ${bit}`).to.equal('BROKEN');
      },
    ),
    { numRuns: times },
  );
}

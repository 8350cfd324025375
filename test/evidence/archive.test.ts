import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readFile, readdir, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import { pack, type Pack } from 'tar-stream';
import { archiveFormats } from '../../src/evidence/archive-stream.ts';
import { packCase } from '../../src/evidence/archive.ts';
import { fileDestination } from '../../src/evidence/destination.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { sampleCase } from './sample.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox, run } from './sandbox.ts';

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function inTimeZone<T>(zone: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    expect(new Date(0).getTimezoneOffset()).to.not.equal(0);
    return await work();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}

describe('archive', () => {
  it('seals, packs and verifies in every format; stock programs read it', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'), false);
      for (const format of archiveFormats) {
        const packed = await packCase(memoryIo(), join(dir, 'case'), { format });
        expect(packed).to.include({
          sha256: await sha256(packed.path),
          size: (await stat(packed.path)).size,
        });
        expect(basename(packed.path)).to.equal(`${packed.name}.${format}`);
        expect(dirname(packed.path)).to.equal(dir);
        const { verdict, problems, name } = await verifyPath(packed.path);
        expect([verdict, problems, name]).to.deep.equal(['CONSISTENT', [], packed.name]);
        if (format === 'zip') await run('python3', ['-m', 'zipfile', '-t', packed.path]);
        else expect(await run('tar', ['-tf', packed.path])).to.contain(`${packed.name}/data/case.json\n`);
      }
      const custody = await readFile(join(dir, 'case/custody-after-seal.jsonl'), 'utf8');
      const acts = custody
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { action: string; result: string });
      expect(acts.map(({ action, result }) => `${action} ${result}`)).to.deep.equal(
        archiveFormats.flatMap(() => ['export started', 'export done']),
      );
      expect((await verifyPath(join(dir, 'case'))).verdict).to.equal('CONSISTENT');
    })).timeout(20_000);

  it('gives the same bytes for the same sealed case, whatever the directory, times, modes and time zone are', () =>
    inSandbox(async (dir) => {
      const first = join(dir, 'first');
      const second = join(dir, 'else/where');
      await sampleCase(first);
      await mkdir(dirname(second));
      await cp(first, second, { recursive: true });
      await chmod(join(second, 'data/case.json'), 0o444);
      await utimes(join(second, 'bagit.txt'), 1, 1);
      for (const format of archiveFormats) {
        const one = await packCase(memoryIo(), first, {
          format,
          destination: fileDestination(join(dir, `1.${format}`)),
        });
        const two = await inTimeZone('Asia/Kathmandu', () =>
          packCase(memoryIo(), second, {
            format,
            destination: fileDestination(join(dir, `2.${format}`)),
          }),
        );
        expect(two.sha256).to.equal(one.sha256);
      }
    })).timeout(20_000);

  it('refuses to overwrite, to lie in the case itself, and a missing directory', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const output = join(dir, 'taken.tar');
      await writeFile(output, 'precious');
      const refused = async (path: string): Promise<string> =>
        (
          await failureOf(
            packCase(memoryIo(), join(dir, 'case'), { format: 'tar', destination: fileDestination(path) }),
          )
        ).message;
      expect(await refused(output)).to.equal(`${output} exists; remove it or give another file with --to`);
      expect(await refused(join(dir, 'case/data/x.tar'))).to.contain('would lie in the case itself');
      expect(await refused(join(dir, 'none/x.tar'))).to.contain('there is no directory');
      expect(await readFile(output, 'utf8')).to.equal('precious');
    }));

  it('leaves nothing behind when a file is not what was sealed, or when it is interrupted', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const abort = new AbortController();
      const interrupted = failureOf(
        packCase(memoryIo(), join(dir, 'case'), {
          format: 'tar',
          signal: abort.signal,
          progress: () => abort.abort(new Error('interrupted')),
        }),
      );
      expect((await interrupted).message).to.equal('interrupted');
      await writeFile(
        join(dir, 'case/data/case.json'),
        (await readFile(join(dir, 'case/data/case.json'), 'utf8')).replace('shop', 'shap'),
      );
      const changed = await failureOf(packCase(memoryIo(), join(dir, 'case'), { format: 'tar.gz' }));
      expect(changed.message).to.equal('data/case.json is not what was sealed; nothing was archived');
      expect(await readdir(dir)).to.deep.equal(['case']);
    }));

  it('is called broken when it is cut or a byte of it is changed', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      for (const format of archiveFormats) {
        const { path } = await packCase(memoryIo(), join(dir, 'case'), { format });
        const whole = await readFile(path);
        await writeFile(path, whole.subarray(0, whole.length * 0.7));
        expect((await verifyPath(path)).verdict, `${format} cut`).to.equal('BROKEN');
        // In a zip the first member's content: local headers say again what the directory says, and nobody reads them.
        const at = format === 'zip' ? 30 + whole.readUInt16LE(26) + whole.readUInt16LE(28) + 5 : 520;
        whole.writeUInt8(whole.readUInt8(at) ^ 1, at);
        await writeFile(path, whole);
        expect((await verifyPath(path)).verdict, `${format} changed`).to.equal('BROKEN');
      }
    })).timeout(20_000);

  it('with hostile members is refused, one sentence each, and nothing is written by their names', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      await rename(join(dir, 'case'), join(dir, 'bag'));
      const hostile: [string, string, (tar: Pack) => void][] = [
        ['../evil', 'lies outside of the bag', (tar) => tar.entry({ name: '../evil' }, 'x')],
        [
          'bag/data/../../evil',
          'lies outside of the bag',
          (tar) => tar.entry({ name: 'bag/data/../../evil' }, 'x'),
        ],
        ['/tmp/evil', 'lies outside of the bag', (tar) => tar.entry({ name: '/tmp/evil' }, 'x')],
        [
          'data/link',
          'is a symbolic link',
          (tar) => tar.entry({ name: 'bag/data/link', type: 'symlink', linkname: '/etc' }),
        ],
        [
          'data/null',
          'is a device',
          (tar) => tar.entry({ name: 'bag/data/null', type: 'character-device', devmajor: 1, devminor: 3 }),
        ],
        ['bagit.txt', 'is there twice', (tar) => tar.entry({ name: 'bag/bagit.txt' }, 'x')],
        [
          'data/sparse',
          'is a sparse file',
          (tar) => tar.entry({ name: 'bag/data/sparse', pax: { 'GNU.sparse.major': '1' } }, 'x'),
        ],
      ];
      for (const [where, what, add] of hostile) {
        const path = join(dir, 'hostile.tar.gz');
        const tar = pack();
        for (const file of ['bagit.txt', 'manifest-sha256.txt', 'data/case.json'])
          tar.entry({ name: `bag/${file}` }, await readFile(join(dir, 'bag', file)));
        add(tar);
        tar.finalize();
        await pipeline(tar as unknown as NodeJS.ReadableStream, createGzip(), createWriteStream(path));
        const { verdict, problems } = await verifyPath(path);
        expect(verdict, what).to.equal('BROKEN');
        expect(problems.map((problem) => `${problem.where} ${problem.what}`)).to.include(`${where} ${what}`);
        expect((await readdir(dir)).sort(), what).to.deep.equal(['bag', 'hostile.tar.gz']);
      }
    }));
});

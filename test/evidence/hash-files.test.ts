import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { hashFiles } from '../../src/evidence/hash-files.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox, run } from './sandbox.ts';

async function* each(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) yield await Promise.resolve(path);
}

const [sha, md] = [['sha256'], ['md5']];

describe('hashing of files', () => {
  it('shows every file in the order of the paths, with the digests that are wanted of it', () =>
    inSandbox(async (dir) => {
      const paths = Array.from({ length: 500 }, (_, at) => `${at % 3 === 0 ? 'a' : 'b'}/${at}`);
      for (const name of ['a', 'b']) await mkdir(join(dir, name));
      // Large ones first, so that their workers are done last.
      for (const [at, path] of paths.entries())
        await writeFile(join(dir, path), randomBytes(at < 3 ? 9_000_000 : at));
      const shown: string[] = [];
      const lines: string[] = [];
      const algorithmsOf = (path: string): readonly string[] => (path.startsWith('a/') ? sha : md);
      await hashFiles({ root: dir, paths: each(paths), algorithmsOf }, (path, file) => {
        shown.push(path);
        const digests = file.kind === 'file' ? file.digests : new Map<string, string>();
        expect([...digests.keys()]).to.deep.equal(algorithmsOf(path));
        lines.push(`${digests.get('sha256') ?? digests.get('md5') ?? ''}  ${path}\n`);
      });
      expect(shown).to.deep.equal(paths);
      await writeFile(join(dir, 'sha256'), lines.filter((line) => line.length > 66).join(''));
      await writeFile(join(dir, 'md5'), lines.filter((line) => line.length <= 66).join(''));
      for (const name of ['sha256', 'md5']) await run(`${name}sum`, ['--strict', '--quiet', '-c', name], dir);
    }));

  it('stops when it is interrupted, and when what it shows to fails', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'file'), randomBytes(2 * 1024 * 1024));
      const paths = Array.from({ length: 300 }, () => 'file');
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('interrupted')), 30);
      const options = { root: dir, paths: each(paths), algorithmsOf: () => sha };
      const interrupted = hashFiles({ ...options, signal: controller.signal }, () => undefined);
      expect((await failureOf(interrupted)).message).to.equal('interrupted');
      const failed = hashFiles({ ...options, paths: each(paths) }, () => {
        throw new Error('no room');
      });
      expect((await failureOf(failed)).message).to.equal('no room');
      const gone = hashFiles({ ...options, paths: each(['none']) }, () => undefined);
      expect(await failureOf(gone)).to.include({ code: 'ENOENT' });
    }));
});

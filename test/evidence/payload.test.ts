import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { walkFiles, type DirectoryEntry } from '../../src/evidence/payload.ts';
import { inSandbox } from './sandbox.ts';

describe('walkFiles', () => {
  it('lists files in the order of their bytes, links as other, and follows none', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'b/c'), { recursive: true });
      await mkdir(join(dir, 'empty'));
      for (const name of ['b/c/x', 'b/y', 'a', 'Z']) await writeFile(join(dir, name), '');
      await symlink('/', join(dir, 'link'));
      const found: DirectoryEntry[] = [];
      for await (const entry of walkFiles(dir)) found.push(entry);
      expect(found.map(({ path, kind }) => `${kind} ${path}`)).to.deep.equal([
        'file Z',
        'file a',
        'file b/c/x',
        'file b/y',
        'other link',
      ]);
    }));

  it('names what has a name that is not UTF-8, file or directory, and is not stopped by it', () =>
    inSandbox(async (dir) => {
      const named = (...bytes: number[]): Buffer =>
        Buffer.concat([Buffer.from(`${dir}/a`), Buffer.from(bytes)]);
      await writeFile(named(0xff), '');
      await mkdir(named(0xfe));
      await writeFile(named(0xef, 0xbf, 0xbd), '');
      const found: DirectoryEntry[] = [];
      for await (const entry of walkFiles(dir)) found.push(entry);
      expect(found.map(({ path, kind, what = kind }) => `${path} ${what}`).sort()).to.deep.equal([
        'a\ufffd file',
        'a\ufffd of a name that is not UTF-8',
        'a\ufffd of a name that is not UTF-8',
      ]);
    }));
});

import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeHasher } from '../../src/evidence/hasher.ts';
import { inSandbox } from './sandbox.ts';

const mebibyte = 1024 * 1024;

describe('hasher', () => {
  it('has the digests of the whole file, whatever its size', () =>
    inSandbox(async (dir) => {
      const sizes = [0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte];
      const contents = sizes.map((size) => crypto.randomBytes(size));
      const paths = sizes.map((size) => join(dir, String(size)));
      for (const [at, path] of paths.entries()) await writeFile(path, contents[at] ?? '');
      const algorithms = ['sha256', 'md5'];
      const files = makeHasher(fs, crypto)({ paths, algorithms, limit: undefined });
      for (const [at, content] of contents.entries())
        expect(files[at]).to.deep.equal({
          state: 'hashed',
          size: content.length,
          digests: algorithms.map((name) => crypto.createHash(name).update(content).digest('hex')),
        });
    }));

  it('tells what is no plain file, what is too large for it, and what cannot be read', () =>
    inSandbox(async (dir) => {
      const at = (name: string): string => join(dir, name);
      await writeFile(at('file'), 'content');
      await symlink('file', at('link'));
      execFileSync('mkfifo', [at('pipe')]);
      const paths = ['file', 'link', 'pipe', '.', 'none'].map(at);
      const files = makeHasher(fs, crypto)({ paths, algorithms: ['sha256'], limit: 3 });
      expect(files.map(({ state }) => state)).to.deep.equal(['large', 'other', 'other', 'other', 'failed']);
      expect(files[4]).to.include({ code: 'ENOENT' });
    }));
});

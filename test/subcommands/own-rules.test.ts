import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readOwnRules } from '../../src/subcommands/own-rules.ts';
import { inSandbox } from '../evidence/sandbox.ts';

describe('rules of a directory', () => {
  it('are told that can not be read, are too long, or are no files', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'a.yaml'));
      await writeFile(join(dir, 'b.yaml'), '#'.repeat(1024 ** 2 + 1));
      await writeFile(join(dir, 'c.yaml'), '# nothing\n');
      await symlink('/dev/zero', join(dir, 'd.yaml'));
      await symlink('nowhere', join(dir, 'e.yaml'));
      const { rules, bad } = await readOwnRules(dir);
      expect(rules).to.deep.equal([]);
      expect(bad.map(({ line, reason }) => `${line} ${reason}`)).to.deep.equal([
        '1 it is no regular file',
        '1 it has 1048577 bytes; 1048576 are read at most',
        '1 it is no regular file',
        "1 it can't be read (ENOENT)",
      ]);
    }));
});

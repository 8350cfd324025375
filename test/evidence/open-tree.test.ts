import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseIdentities } from '../../src/evidence/age/keys.ts';
import { openTree } from '../../src/evidence/open-tree.ts';
import type { Tree } from '../../src/evidence/tree.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox, run } from './sandbox.ts';

/** Files of a tree with their kind and content. */
async function read(tree: Tree): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const file of tree.files()) {
    const chunks: Buffer[] = [];
    if (file.kind === 'directory') continue;
    if (file.kind === 'file') for await (const chunk of file.content()) chunks.push(chunk);
    files[file.path] = file.kind === 'other' ? 'other' : Buffer.concat(chunks).toString();
  }
  return files;
}

describe('openTree', () => {
  it('reads a directory, a tar, a compressed tar and a zip as the same, as often as asked', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'bag/data/deep'), { recursive: true });
      const files = { 'bag/data/deep/x': 'content', 'bag/empty': '', 'bag/é': 'name' };
      for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
      await run('tar', ['-cf', 'x.tar', './bag'], dir);
      await run('tar', ['-czf', 'x.tgz', 'bag'], dir);
      await run('python3', ['-m', 'zipfile', '-c', 'x.zip', 'bag'], dir);
      await run('sh', ['-c', 'zstd -q x.tar -o x.tar.zst && age-keygen -o key 2>/dev/null'], dir);
      const archives = ['x.tar', 'x.tgz', 'x.tar.zst', 'x.zip'];
      for (const archive of archives)
        await run('sh', ['-c', `age -e -i key -o ${archive}.age ${archive}`], dir);
      const identities = parseIdentities(await readFile(join(dir, 'key'), 'utf8'));
      if (typeof identities === 'string') throw new Error(identities);
      for (const archive of archives.flatMap((name) => [name, `${name}.age`])) {
        const tree = await openTree(join(dir, archive), { identities });
        expect(tree.type).to.equal('archive');
        for (let round = 0; round < 2; round += 1) expect(await read(tree), archive).to.deep.equal(files);
      }
      const tree = await openTree(join(dir, 'bag'));
      expect(await read(tree)).to.deep.equal({ 'data/deep/x': 'content', empty: '', é: 'name' });
    }));

  it('calls links other, and follows none', () =>
    inSandbox(async (dir) => {
      await symlink('/etc/passwd', join(dir, 'link'));
      expect(await read(await openTree(dir))).to.deep.equal({ link: 'other' });
    }));

  it('refuses what it cannot read', () =>
    inSandbox(async (dir) => {
      const refused = async (content: string): Promise<string> => {
        await writeFile(join(dir, 'x'), content);
        return (await failureOf(openTree(join(dir, 'x')))).message;
      };
      expect(await refused('x')).to.contain('is no archive that can be read here');
      expect(await refused('')).to.contain('is no archive that can be read here');
      expect(await refused('-----BEGIN AGE ENCRYPTED FILE-----\n')).to.contain('is armored');
      await run('sh', ['-c', 'age-keygen -o key 2>/dev/null; echo | age -e -i key -o x'], dir);
      expect((await failureOf(openTree(join(dir, 'x')))).message).to.contain('no given identity opens it');
      expect((await failureOf(openTree(join(dir, 'none')))).message).to.equal(
        `there is no ${join(dir, 'none')}`,
      );
    }));
});

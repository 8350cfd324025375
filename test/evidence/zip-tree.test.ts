import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { zipFiles } from '../../src/evidence/zip-tree.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox, run } from './sandbox.ts';

/** A zip with one link and one file under a name of choice. */
const script = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w')
link = zipfile.ZipInfo('link')
link.create_system = 3
link.external_attr = 0o120777 << 16
archive.writestr(link, '/etc/passwd')
archive.writestr(sys.argv[2], 'x')
archive.close()
`;

async function kindsIn(path: string): Promise<Record<string, string>> {
  const kinds: Record<string, string> = {};
  for await (const file of zipFiles(path)) kinds[file.path] = file.kind;
  return kinds;
}

describe('zipFiles', () => {
  it('tells links from files', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.zip');
      await run('python3', ['-c', script, path, 'plain']);
      expect(await kindsIn(path)).to.deep.equal({ link: 'other', plain: 'file' });
    }));

  it('stops at a name that leaves, and at what is no zip', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.zip');
      await run('python3', ['-c', script, path, '../../evil']);
      expect((await failureOf(kindsIn(path))).message).to.contain('../../evil');
      await writeFile(path, 'PK and no more');
      expect(await failureOf(kindsIn(path))).to.be.instanceOf(Error);
    }));
});

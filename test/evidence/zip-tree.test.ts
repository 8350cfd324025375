import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { zipFiles } from '../../src/evidence/zip-tree.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, memorySource, run } from './sandbox.ts';
import { makeZip } from './zip-maker.ts';

/** A zip with a link, a device and one file under a name of choice. */
const script = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
for name, mode in ('link', 0o120777), ('null', 0o020666), ('other', 0o140777):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    archive.writestr(info, '/etc/passwd')
archive.writestr(sys.argv[2], 'x' * 100000)
archive.close()
`;

async function kindsIn(zip: Buffer): Promise<Record<string, string>> {
  const kinds: Record<string, string> = {};
  for await (const { path, kind, what = kind } of zipFiles(memorySource(zip))) kinds[path] = what;
  return kinds;
}

async function sample(dir: string, name: string): Promise<Buffer> {
  const path = join(dir, 'x.zip');
  await run('python3', ['-c', script, path, name]);
  return readFile(path);
}

describe('zipFiles', () => {
  it('tells files from what is none, and leaves hostile names to its caller', () =>
    inSandbox(async (dir) => {
      expect(await kindsIn(await sample(dir, '../../evil'))).to.deep.equal({
        link: 'a symbolic link',
        null: 'a device',
        other: 'of a type that no bag may hold',
        '../../evil': 'file',
      });
    }));

  it('takes nothing for a file that some take for a directory', async () => {
    const { bytes } = makeZip([
      { name: 'd/', text: '' },
      { name: 'a', text: 'x' },
      { name: 'b', text: 'x', attributes: 0x10 },
      { name: 'l/', text: '', attributes: 0o120777 * 0x10000 },
    ]);
    expect(await kindsIn(bytes)).to.deep.equal({
      'd/': 'directory',
      a: 'file',
      b: 'of a type that no bag may hold',
      'l/': 'a symbolic link',
    });
  });

  it('gives the content of a file', () =>
    inSandbox(async (dir) => {
      for await (const file of zipFiles(memorySource(await sample(dir, 'é'))))
        if (file.kind === 'file') {
          expect(file.path).to.equal('é');
          expect((await bytesOf(file.content())).toString()).to.equal('x'.repeat(100_000));
        }
    }));

  it('stops at what is no zip or a cut one', () =>
    inSandbox(async (dir) => {
      const zip = await sample(dir, 'x');
      for (const bytes of [Buffer.from('PK and no more'), zip.subarray(0, zip.length - 30)])
        expect(await failureOf(kindsIn(bytes))).to.not.be.instanceOf(OperationError);
      await writeFile(join(dir, 'x'), zip);
    }));

  it('refuses members that share the same bytes', () =>
    inSandbox(async (dir) => {
      const zip = await sample(dir, 'x');
      // Every entry of the directory (APPNOTE.TXT 4.3.12) is made to name the first member's place.
      for (let at = zip.indexOf('PK\x01\x02'); at !== -1; at = zip.indexOf('PK\x01\x02', at + 4))
        zip.writeUInt32LE(0, at + 42);
      expect((await failureOf(kindsIn(zip))).message).to.equal(
        'the members link and null share the same bytes',
      );
    }));

  it('refuses one that says it unpacks to a thousand times its size', () =>
    inSandbox(async (dir) => {
      const zip = await sample(dir, 'x');
      const last = zip.lastIndexOf('PK\x01\x02');
      zip.writeUInt32LE(0xf0000000, last + 24);
      const error = await failureOf(kindsIn(zip));
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.match(/^memory unpacks to more than 1000 times its size .* read no further$/);
    }));
});

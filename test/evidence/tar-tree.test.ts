import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { pack } from 'tar-stream';
import { encodeTarHeader, tarEnd } from '../../src/evidence/tar-header.ts';
import { tarFiles } from '../../src/evidence/tar-tree.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, piecesOf, run } from './sandbox.ts';

async function kindsIn(tar: Buffer): Promise<Record<string, string>> {
  const kinds: Record<string, string> = {};
  for await (const { path, kind, what = kind } of tarFiles(piecesOf(tar, 10_000)))
    if (kind !== 'directory') kinds[path] = what;
  return kinds;
}

describe('tarFiles', () => {
  it('goes on to the next file when one was left unread, and can be left itself', () =>
    inSandbox(async (dir) => {
      for (const name of ['a', 'b']) await writeFile(join(dir, name), Buffer.alloc(300_000));
      await run('tar', ['-cf', 'x.tar', 'a', 'b'], dir);
      const tar = await readFile(join(dir, 'x.tar'));
      expect(await kindsIn(tar)).to.deep.equal({ a: 'file', b: 'file' });
      for await (const { path } of tarFiles(piecesOf(tar, 10_000))) {
        expect(path).to.equal('a');
        break;
      }
    }));

  it('fails at the end of one that is cut', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'a'), Buffer.alloc(300_000));
      await run('tar', ['-cf', 'x.tar', 'a'], dir);
      const tar = await readFile(join(dir, 'x.tar'));
      expect(await failureOf(kindsIn(tar.subarray(0, tar.length / 2)))).to.be.instanceOf(Error);
    }));

  it('names what is no plain file', async () => {
    const tar = pack();
    tar.entry({ name: 'symbolic', type: 'symlink', linkname: '/etc' });
    tar.entry({ name: 'hard', type: 'link', linkname: 'a' });
    tar.entry({ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 });
    tar.entry({ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 });
    tar.entry({ name: 'pipe', type: 'fifo' });
    tar.entry({ name: 'old', type: 'contiguous-file' }, 'x');
    tar.finalize();
    expect(await kindsIn(await bytesOf(tar as unknown as AsyncIterable<Buffer>))).to.deep.equal({
      symbolic: 'a symbolic link',
      hard: 'a hard link',
      null: 'a device',
      disk: 'a device',
      pipe: 'a named pipe',
      old: 'of a type that no bag may hold',
    });
  });

  it('knows no name of the oldest GNU format, which others take for files, and none that is not UTF-8', async () => {
    const named = (name: string, type: string): Buffer => {
      const facts = { mode: 0o600, uid: 0, gid: 0, size: 0, mtime: 0n, type: 'file' } as const;
      const block = encodeTarHeader({ ...facts, name: Buffer.from(name, 'latin1') });
      block.writeUInt8(block.readUInt8(156) + type.charCodeAt(0) - 0x30, 156);
      const sum = Number.parseInt(block.toString('latin1', 148, 154), 8) + type.charCodeAt(0) - 0x30;
      block.write(sum.toString(8).padStart(6, '0'), 148);
      return block;
    };
    const tar = Buffer.concat([named('a', 'N'), named('b', '0'), named('\xff', '0'), tarEnd]);
    expect(await kindsIn(tar)).to.deep.equal({
      a: 'of a type that no bag may hold',
      b: 'file',
      '\ufffd': 'of a name that is not UTF-8',
    });
  });

  it('knows sparse files of every format of GNU tar', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'in'));
      await writeFile(join(dir, 'in/sparse'), 'x');
      await truncate(join(dir, 'in/sparse'), 50_000_000);
      await symlink('sparse', join(dir, 'in/link'));
      for (const format of ['gnu', 'posix --sparse-version=0.0', 'posix --sparse-version=0.1', 'posix']) {
        await run('sh', ['-c', `tar -S --format=${format} -cf x.tar in`], dir);
        const { 'in/link': link, ...files } = await kindsIn(await readFile(join(dir, 'x.tar')));
        expect(link).to.equal('a symbolic link');
        expect(Object.values(files), format).to.have.length(1);
        expect(Object.values(files)[0], format).to.be.oneOf([
          'a sparse file',
          'of a type that no bag may hold',
        ]);
      }
    }));
});

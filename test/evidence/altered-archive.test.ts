import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { identityOf } from '../../src/evidence/age/keys.ts';
import { packCase } from '../../src/evidence/archive.ts';
import type { ArchiveFormat } from '../../src/evidence/archive-stream.ts';
import { parseAllowedSigners } from '../../src/evidence/signature/allowed-signers.ts';
import { encodeTarHeader, tarEnd, tarPadding } from '../../src/evidence/tar-header.ts';
import type { Verification } from '../../src/evidence/verification.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { inSandbox, run } from './sandbox.ts';
import { makeKey, signersFile } from './signature/keys.ts';
import { readFiles, rebuildBag, rebuildStatement } from './tamper.ts';
import { endSize } from './zip-maker.ts';

/*
 * What somebody tries who holds a signed case and wants others to take another one for it.
 */

const signal = new AbortController().signal;
const identity = identityOf(Buffer.alloc(32, 7));

interface Signed {
  readonly dir: string;
  /** The case, signed by a key that the signers' file names. */
  readonly place: string;
  readonly judge: (path: string) => Promise<Verification>;
}

function withSigned(work: (signed: Signed) => Promise<void>): Promise<void> {
  return inSandbox(async (dir) => {
    const place = join(dir, 'case');
    await sampleCase(place, false);
    await writeFile(join(place, 'data/100%'), 'a note');
    const key = await makeKey(dir, 'key');
    await signWith({ io: memoryIo(), global: {}, signal }, place, key);
    const signers = parseAllowedSigners(await readFile(await signersFile(dir, { jane: key }), 'utf8'), '');
    const judging = { signers, now: memoryIo().now() };
    await work({ dir, place, judge: (path) => verifyPath(path, { judging, identities: [identity] }) });
  });
}

/** The archive of a case as bytes; it is taken away again. */
async function packed(place: string, format: ArchiveFormat, encrypted = false): Promise<Buffer> {
  const recipients = encrypted ? [identity.recipient] : [];
  const { path } = await packCase(memoryIo(), place, { format, recipients });
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}

/** A skippable frame of zstd (RFC 8878, 3.1.2). */
function skippable(content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** Where the header of a member of a tar is. */
function memberAt(tar: Buffer, name: string): number {
  for (let at = 0; at < tar.length; at += 512) {
    const [found = ''] = tar.toString('latin1', at, at + 100).split('\0');
    if (found.endsWith(name)) return at;
  }
  throw new Error(`there is no ${name}`);
}

const isBehind = /^archive cannot be read on: there is something else behind the end of the tar/m;

/** What is made of an archive, from the format that it is made of, and what verify says first of it. */
const archives: readonly (readonly [
  what: string,
  format: ArchiveFormat,
  change: (bytes: Buffer, dir: string) => Buffer | Promise<Buffer>,
  says: RegExp,
])[] = [
  [
    'a member twice, the altered one last, as tar unpacks it',
    'tar',
    async (tar, dir) => {
      const member = 'ir-20261122T041500Z-shop/data/case.json';
      await mkdir(join(dir, 'more', dirname(member)), { recursive: true });
      await writeFile(join(dir, 'more', member), '{}\n');
      await writeFile(join(dir, 'x.tar'), tar);
      await run('tar', ['-rf', join(dir, 'x.tar'), '-C', join(dir, 'more'), member]);
      return readFile(join(dir, 'x.tar'));
    },
    /^data\/case\.json is there twice$/m,
  ],
  [
    'its second half behind the end, where tar does not look',
    'tar',
    (tar) => {
      const at = memberAt(tar, '/data/custody.jsonl');
      return Buffer.concat([tar.subarray(0, at), tarEnd, tar.subarray(at)]);
    },
    isBehind,
  ],
  [
    'another tar in a frame of its own behind it',
    'tar.zst',
    (bytes) => Buffer.concat([bytes, zstdCompressSync(Buffer.alloc(1024, 'x'))]),
    isBehind,
  ],
  ['the whole archive once more behind it', 'tar.zst', (bytes) => Buffer.concat([bytes, bytes]), isBehind],
  [
    'a member of the oldest GNU format, which tar takes for a file',
    'tar',
    (tar) => {
      const at = memberAt(tar, '/data/100%');
      const [name = ''] = tar.toString('latin1', at, at + 100).split('\0');
      const entry = {
        mode: 0o600,
        uid: 0,
        gid: 0,
        mtime: 0n,
        type: 'file',
        name: Buffer.from(name),
      } as const;
      const text = `${name}\0\nanother note`;
      const old = encodeTarHeader({ ...entry, size: text.length });
      old.write('N', 156);
      old.write(
        (Number.parseInt(old.toString('latin1', 148, 154), 8) + 30).toString(8).padStart(6, '0'),
        148,
      );
      const named = Buffer.concat([old, Buffer.from(text), Buffer.alloc(tarPadding(text.length))]);
      return Buffer.concat([tar.subarray(0, at), named, tar.subarray(at)]);
    },
    /^data\/100% is of a type that no bag may hold$/m,
  ],
  [
    'a directory of the name of a file, which takes its place when tar unpacks it',
    'tar',
    async (tar, dir) => {
      const member = 'ir-20261122T041500Z-shop/data/100%';
      await mkdir(join(dir, 'more', member), { recursive: true });
      await writeFile(join(dir, 'x.tar'), tar);
      await run('tar', ['-rf', join(dir, 'x.tar'), '-C', join(dir, 'more'), member]);
      return readFile(join(dir, 'x.tar'));
    },
    /^data\/100% is there twice$/m,
  ],
  [
    'a tar without its end, and behind a zero another one, where Python reads on',
    'tar.gz',
    async (bytes, dir) => {
      await mkdir(join(dir, 'more'));
      await writeFile(join(dir, 'more/x'), 'x');
      await run('tar', ['-czf', join(dir, 'more.tgz'), '-C', join(dir, 'more'), 'x']);
      const tar = gunzipSync(bytes);
      const first = gzipSync(tar.subarray(0, -tarEnd.length));
      return Buffer.concat([first, Buffer.alloc(1), await readFile(join(dir, 'more.tgz'))]);
    },
    /^archive cannot be read on: there is something else behind the compressed data$/m,
  ],
  [
    'another name in a header of the zip than in its directory',
    'zip',
    (zip) => {
      zip.write('C', zip.indexOf('data/case.json') + 5);
      return zip;
    },
    /^archive cannot be read on: the header of .*\/data\/case\.json contradicts the directory of the zip/m,
  ],
  [
    'a second directory in the zip',
    'zip',
    (zip) => {
      const end = zip.subarray(-endSize);
      const directory = zip.subarray(end.readUInt32LE(16), -endSize);
      return Buffer.concat([zip.subarray(0, -endSize), directory, end]);
    },
    /^archive cannot be read on: the directory of the zip is not where its end says/m,
  ],
];

/** What is made of the directory of a case. */
const directories: readonly (readonly [
  what: string,
  change: (signed: Signed) => Promise<unknown>,
  says: RegExp,
])[] = [
  [
    'a file that no manifest lists',
    ({ place }) => writeFile(join(place, 'data/more'), 'x'),
    /^data\/more is extra/m,
  ],
  [
    'a file with a name that is not UTF-8',
    ({ place }) => writeFile(Buffer.concat([Buffer.from(`${place}/data/`), Buffer.from([0xff])]), 'x'),
    /^data\/\ufffd is of a name that is not UTF-8$/m,
  ],
  [
    'a file under the name that stands in the manifest for its own',
    ({ place }) => rename(join(place, 'data/100%'), join(place, 'data/100%25')),
    /^data\/100%25 is extra/m,
  ],
  ['a tag file of nobody', ({ place }) => writeFile(join(place, 'README'), 'x'), /^README is extra/m],
  [
    'a manifest in an algorithm more',
    ({ place }) =>
      writeFile(join(place, 'manifest-md5.txt'), 'd41d8cd98f00b204e9800998ecf8427e  data/case.json\n'),
    /^manifest-md5\.txt is extra/m,
  ],
  [
    'another seal than the one that was signed',
    async ({ place }) => {
      await writeFile(join(place, 'data/note'), 'x');
      const sealed = rebuildBag(await readFiles(place));
      for (const [path, content] of sealed) await writeFile(join(place, path), content);
    },
    /^signature\/statement\.txt is not the statement of this seal$/m,
  ],
  [
    'the statement of another seal, under a signature of the one that was signed',
    async ({ place }) => {
      await writeFile(join(place, 'data/note'), 'x');
      const stated = rebuildStatement(rebuildBag(await readFiles(place)));
      for (const [path, content] of stated) await writeFile(join(place, path), content);
    },
    /^signature\/.*\.sig is no signature of the statement of this seal$/m,
  ],
];

describe('a signed case that its holder alters', () => {
  for (const [what, format, change, says] of archives)
    it(`is not called authentic as an archive with ${what}`, () =>
      withSigned(async ({ dir, place, judge }) => {
        const bytes = await packed(place, format);
        const archive = join(dir, `altered.${format}`);
        await writeFile(archive, bytes);
        expect((await judge(archive)).verdict).to.equal('AUTHENTIC');
        await writeFile(archive, await change(bytes, dir));
        const { verdict, problems } = await judge(archive);
        expect(verdict).to.equal('BROKEN');
        expect(problems.map((problem) => `${problem.where} ${problem.what}`).join('\n')).to.match(says);
      }));

  for (const [what, change, says] of directories)
    it(`is not called authentic with ${what}`, () =>
      withSigned(async (signed) => {
        expect((await signed.judge(signed.place)).verdict).to.equal('AUTHENTIC');
        await change(signed);
        const { verdict, problems } = await signed.judge(signed.place);
        expect(verdict).to.equal('BROKEN');
        expect(problems.map((problem) => `${problem.where} ${problem.what}`).join('\n')).to.match(says);
      }));

  it('is not called authentic when bytes follow the encrypted archive', () =>
    withSigned(async ({ dir, place, judge }) => {
      const archive = join(dir, 'x.tar.age');
      const bytes = await packed(place, 'tar', true);
      await writeFile(archive, bytes);
      expect((await judge(archive)).verdict).to.equal('AUTHENTIC');
      for (const more of [Buffer.alloc(1), Buffer.alloc(16), Buffer.alloc(70_000), bytes]) {
        await writeFile(archive, Buffer.concat([bytes, more]));
        expect((await judge(archive)).verdict, String(more.length)).to.equal('BROKEN');
      }
    }));

  it('stays what it is with frames of zstd that hold nothing, which no program unpacks', () =>
    withSigned(async ({ dir, place, judge }) => {
      const bytes = await packed(place, 'tar.zst');
      const archive = join(dir, 'x.tar.zst');
      await writeFile(archive, Buffer.concat([skippable(bytes), bytes, skippable(Buffer.from('x'))]));
      expect((await judge(archive)).verdict).to.equal('AUTHENTIC');
      const unpacked = await run('zstd', ['-dqc', archive]);
      await writeFile(archive, bytes);
      expect(unpacked).to.equal(await run('zstd', ['-dqc', archive]));
    }));
});

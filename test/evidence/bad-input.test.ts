import { appendFile, readFile, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { expect } from 'chai';
import { exitCodeOf } from '../../src/output/errors.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { command } from '../../src/subcommands/verify.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { inSandbox, run } from './sandbox.ts';
import { makeKey, signersFile } from './signature/keys.ts';
import { linesOf, readFiles, rebuildChain, withFiles, withLines, custodyFile, type Files } from './tamper.ts';

const signal = new AbortController().signal;
const text = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
const digest = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

/** Exit code and error of `kubectl ir verify`, with all problems of its table; an answer without an error ends with its verdict. */
async function verify(path: string, flags: { readonly signers?: string } = {}): Promise<string> {
  const io = memoryIo();
  try {
    const code = await command.start([path], { identity: [], ...flags }, { io, global: {}, signal });
    return `${code} ${io.out().split(' ')[0] ?? ''}`;
  } catch (error) {
    const problems = io.out().split('PROBLEM\n')[1] ?? '';
    const rows = problems
      .trimEnd()
      .split('\n')
      .map((row) => row.replace(/ {2,}/, ' '));
    return [`${exitCodeOf(error)} ${error instanceof Error ? error.message : ''}`, ...rows]
      .join('\n')
      .trimEnd();
  }
}

/** Every name below a directory with its size and time: to see that nothing was written. */
function listing(dir: string): Promise<string> {
  return run('find', [dir, '-printf', '%P %s %T@\\n']);
}

const brokenCase = /^4 case ir-20261122T041500Z-shop is broken: /;

/** What is done to a sealed case, and what verify says first. */
const cases: readonly (readonly [what: string, change: (dir: string) => Promise<unknown>, says: RegExp])[] = [
  [
    'a file added',
    (dir) => writeFile(join(dir, 'data/more'), 'x'),
    /data\/more is extra: it stands in no manifest$/m,
  ],
  [
    'a file added beside the payload',
    (dir) => writeFile(join(dir, 'note'), 'x'),
    /note .*no part of a case|note is extra/,
  ],
  [
    'a file removed',
    async (dir) => rm(join(dir, (await tarOf(dir)).replace(/[^/]+$/, 'items.jsonl'))),
    /items\.jsonl is missing, it stands in manifest-sha256\.txt/,
  ],
  [
    'a file changed by one bit',
    async (dir) => {
      const path = join(dir, await tarOf(dir));
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(600) ^ 1, 600);
      await writeFile(path, bytes);
    },
    /\.tar is changed: it is not what manifest-sha256\.txt says/,
  ],
  [
    'a file renamed',
    async (dir) => rename(join(dir, await tarOf(dir)), join(dir, 'data/other.tar')),
    /other\.tar is extra: it stands in no manifest|\.tar is missing/,
  ],
  [
    'a file truncated',
    async (dir) => truncate(join(dir, await tarOf(dir)), 1024),
    /\.tar is changed: it is not what manifest-sha256\.txt says/,
  ],
  [
    'a manifest with one line less',
    async (dir) => {
      const path = join(dir, 'manifest-sha512.txt');
      await writeFile(path, (await readFile(path, 'utf8')).replace(/^.*\n/, ''));
    },
    /manifest-sha512\.txt is changed: it is not what tagmanifest-sha256\.txt says/,
  ],
  [
    'the declaration of the bag removed, and a file changed',
    async (dir) => {
      await rm(join(dir, 'bagit.txt'));
      await appendFile(join(dir, await tarOf(dir)), 'x');
    },
    /bagit\.txt is missing: custody ends with a seal, and a part of it is there/,
  ],
  [
    'a tag manifest removed',
    (dir) => rm(join(dir, 'tagmanifest-sha256.txt')),
    /tagmanifest-sha256\.txt is missing/,
  ],
  [
    'an endless line behind the acts after the seal',
    (dir) => appendFile(join(dir, 'custody-after-seal.jsonl'), Buffer.alloc(17 * 2 ** 20, 'x')),
    /custody-after-seal\.jsonl cannot be read on: a line is longer than 16777216 bytes$/m,
  ],
  [
    'a byte after the last line of custody',
    (dir) => appendFile(join(dir, 'data/custody.jsonl'), ' '),
    /data\/custody\.jsonl/,
  ],
];

/** A bag of one file, and what its manifest may say. */
const manifests: readonly (readonly [what: string, manifest: string, says: RegExp])[] = [
  ['that is right', `${digest}  data/a\n`, /^0 CONSISTENT$/],
  ['with CR LF', `${digest}  data/a\r\n`, /^0 CONSISTENT$/],
  ['with digests in upper case', `${digest.toUpperCase()}  data/a\n`, /^0 CONSISTENT$/],
  ['with a duplicate', `${digest}  data/a\n${digest}  data/a\n`, /line 2 names a path again: data\/a/],
  ['with an absolute path', `${digest}  /etc/passwd\n`, /line 1 names a path outside: \/etc\/passwd/],
  ['with `..`', `${digest}  data/../../a\n`, /line 1 names a path outside: data\/\.\.\/\.\.\/a/],
  ['with an encoded `..`', `${digest}  data/%2e%2e/a\n`, /data\/a is extra|data\/%2e%2e\/a is missing/],
  ['with an encoded newline', `${digest}  data/a%0A\n`, /data\/a\\x0a is missing|data\/a is extra/],
  ['with a name in another case', `${digest}  data/A\n`, /data\/a is extra|data\/A is missing/],
  ['with a line that is none', `${digest}\n`, /line 1 is no digest and path/],
];

describe('bad input', () => {
  for (const [what, change, says] of cases)
    it(`${what} is one clear answer of verify, exit 4, and nothing is written`, () =>
      inSandbox(async (dir) => {
        await sampleCase(dir);
        await change(dir);
        const before = await listing(dir);
        const said = await verify(dir);
        expect(said).to.match(brokenCase).and.to.match(says);
        expect(await listing(dir)).to.equal(before);
      }));

  for (const [what, manifest, says] of manifests)
    it(`a manifest ${what} is judged in one sentence`, () =>
      inSandbox(async (dir) => {
        const place = join(dir, 'bag');
        const files = { 'bagit.txt': text, 'data/a': 'hello', 'manifest-sha256.txt': manifest };
        await withFiles(place, asFiles(files), async () => {
          const said = await verify(place);
          expect(said).to.match(says);
          if (!says.source.startsWith('^0')) expect(said).to.match(/^4 bag bag is broken: /);
        });
      }));

  it('of an older or a holey bag is judged; nothing is fetched', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'bag');
      const manifest = `${digest}  data/a\n`;
      const old = { 'bagit.txt': text.replace('1.0', '0.97'), 'data/a': 'hello' };
      await withFiles(place, asFiles({ ...old, 'manifest-sha256.txt': manifest }), async () =>
        expect(await verify(place)).to.equal('0 CONSISTENT'),
      );
      const holey = {
        ...old,
        'manifest-sha256.txt': `${manifest}${digest}  data/b\n`,
        'fetch.txt': 'http://127.0.0.1:9/b 5 data/b\n',
      };
      await withFiles(place, asFiles(holey), async () =>
        expect(await verify(place)).to.match(
          /^4 bag bag is broken: data\/b is missing: fetch\.txt says where it is, and nothing is fetched here$/m,
        ),
      );
      const unknown = { ...old, 'manifest-sha256.txt': manifest, 'manifest-crc32.txt': '0  data/a\n' };
      await withFiles(place, asFiles(unknown), async () =>
        expect(await verify(place)).to.match(
          /^4 bag bag is broken: manifest-crc32\.txt uses a digest that is not known here/,
        ),
      );
    }));

  it('of custody is named by its line: cut, swapped, edited; a chain made anew is told by the seal', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const files = await readFiles(place);
      const lines = linesOf(files, custodyFile);
      const edits: readonly (readonly [Files, RegExp])[] = [
        [withLines(files, custodyFile, lines.toSpliced(2, 1)), /custody\.jsonl line 3 /],
        [withLines(files, custodyFile, lines.slice(0, -1)), /custody\.jsonl/],
        [
          withLines(files, custodyFile, lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? '')),
          /custody\.jsonl line 2 /,
        ],
        [
          withLines(files, custodyFile, lines.with(1, (lines[1] ?? '').replace('node-a', 'node-b'))),
          /custody\.jsonl line 2 /,
        ],
        [
          rebuildChain(
            withLines(files, custodyFile, lines.with(1, (lines[1] ?? '').replace('node-a', 'node-b'))),
          ),
          /custody\.jsonl is changed: it is not what manifest-sha256\.txt says/,
        ],
      ];
      for (const [changed, says] of edits)
        await withFiles(join(dir, 'changed'), changed, async () => {
          const said = await verify(join(dir, 'changed'));
          expect(said).to.match(brokenCase).and.to.match(says);
        });
    }));

  it('of signatures, a key that is unknown or expired, ends with 4 and the reason', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const [known, unknown] = [await makeKey(dir, 'known'), await makeKey(dir, 'unknown')];
      await signWith({ io: memoryIo(), global: {}, signal }, place, unknown);
      const signers = await signersFile(dir, { jane: known });
      expect(await verify(place, { signers })).to.match(/^4 case .*, a key that no signer has$/m);
      await signWith({ io: memoryIo(), global: {}, signal }, place, known);
      expect(await verify(place, { signers })).to.equal('0 AUTHENTIC');
      const expired = await signersFile(dir, { jane: known }, 'valid-before="20260101Z"');
      expect(await verify(place, { signers: expired })).to.match(
        /^4 case .* whose key expired at 2026-01-01T00:00:00Z/,
      );
    }));

  it('of a zip with hostile names or a bomb is refused, and nothing is written by its names', () =>
    inSandbox(async (dir) => {
      const hostile = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w')
archive.writestr('bag/bagit.txt', sys.argv[2])
archive.writestr('bag/manifest-sha256.txt', '')
archive.writestr(sys.argv[3], 'x')
archive.close()`;
      for (const name of ['../evil', '/tmp/evil-of-a-test', 'bag/data/../../evil', '..\\\\evil']) {
        await run('python3', ['-c', hostile, join(dir, 'x.zip'), text, name]);
        expect(await verify(join(dir, 'x.zip')), name).to.match(/^4 bag .* is broken: /);
        expect(await readdir(dir), name).to.deep.equal(['x.zip']);
      }
      const bomb = join(dir, 'bomb.tar.zst');
      await pipeline(zeros(1_200), createZstdCompress(), createWriteStream(bomb));
      expect(await verify(bomb)).to.match(/^[14] .*bomb\.tar\.zst/);
    })).timeout(60_000);
});

/** So many MiB of a tar that is one member of zeros. */
async function* zeros(mebibytes: number): AsyncGenerator<Buffer> {
  const header = Buffer.alloc(512);
  header.write('bag/data/zeros', 0);
  header.write('0000600\0', 100);
  header.write(`${(mebibytes * 2 ** 20).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  yield await Promise.resolve(header);
  const piece = Buffer.alloc(2 ** 20);
  for (let at = 0; at < mebibytes; at += 1) yield piece;
}

async function tarOf(dir: string): Promise<string> {
  const found = [...(await readFiles(dir)).keys()].find((path) => path.endsWith('.tar'));
  return found ?? '';
}

function asFiles(files: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
}

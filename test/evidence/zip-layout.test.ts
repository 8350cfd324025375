import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { zipFiles } from '../../src/evidence/zip-tree.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, memorySource, run } from './sandbox.ts';
import { endSize, largeSizes, makeZip, unicodePath, type Member } from './zip-maker.ts';

const [a, b]: readonly [Member, Member] = [
  { name: 'a', text: 'one' },
  { name: 'b', text: 'two' },
];
const hidden = makeZip([{ name: 'c', text: 'hidden' }]).bytes;

async function contentIn(zip: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const file of zipFiles(memorySource(zip)))
    if (file.kind === 'file') found[file.path] = (await bytesOf(file.content())).toString();
  return found;
}

/** The directory once more: those who count back from the end find this one, the others the first. */
function twoDirectories(): Buffer {
  const { bytes, directory, end } = makeZip([a, b]);
  return Buffer.concat([bytes.subarray(0, -endSize), directory, end]);
}

function withEnd(change: (end: Buffer) => void): Buffer {
  const { bytes } = makeZip([a, b]);
  change(bytes.subarray(-endSize));
  return bytes;
}

const contradicts = 'the header of a contradicts the directory of the zip';
const elsewhere = 'the directory of the zip is not where its end says';

/** What somebody could make of a zip, and what is said of it. */
const altered: readonly (readonly [what: string, zip: Buffer, says: string])[] = [
  ['another name in a header', makeZip([{ ...a, localName: 'x' }, b]).bytes, contradicts],
  ['a longer name in a header', makeZip([{ ...a, localName: 'longer' }, b]).bytes, contradicts],
  ['another size in a header', makeZip([{ ...a, localSize: 2 }, b]).bytes, contradicts],
  ['another flag in a header', makeZip([{ ...a, localFlags: 1 }, b]).bytes, contradicts],
  [
    'a member that stands in no directory',
    makeZip([a, { name: 'x', text: 'hidden', unlisted: true }, b]).bytes,
    'the zip has bytes behind a that belong to no member',
  ],
  [
    'one that comes first',
    makeZip([{ name: 'x', text: 'hidden', unlisted: true }, a, b]).bytes,
    'the zip has bytes before a that belong to no member',
  ],
  [
    'bytes before the first member',
    makeZip([a, b], { before: '#!/bin/sh\n' }).bytes,
    'the zip has bytes before a that belong to no member',
  ],
  [
    'bytes before the directory',
    makeZip([a, b], { behind: 'more' }).bytes,
    'the zip has bytes behind b that belong to no member',
  ],
  ['two directories', twoDirectories(), elsewhere],
  ['a directory of another size', withEnd((end) => void end.writeUInt32LE(1, 12)), elsewhere],
  ['fewer members than the directory has', withEnd((end) => void end.writeUInt16LE(1, 10)), elsewhere],
  [
    'another name in an extra field',
    makeZip([{ ...a, extra: unicodePath('a', 'x') }, b]).bytes,
    'the member x has another name too',
  ],
  [
    'another name in an extra field of a header',
    makeZip([{ ...a, localExtra: unicodePath('a', 'x') }, b]).bytes,
    contradicts,
  ],
  [
    'another size of eight bytes in a header',
    makeZip([{ ...a, localSize: 0xffffffff, localExtra: largeSizes(100, 3) }, b]).bytes,
    contradicts,
  ],
  ['a size in a header that nothing says', makeZip([{ ...a, localSize: 0xffffffff }, b]).bytes, contradicts],
  [
    'content that is not compressed and has its size behind it',
    makeZip([{ ...a, flags: 8 }, b]).bytes,
    'the end of a stands behind it alone, where not every program looks',
  ],
  [
    'another checksum than that of the content',
    makeZip([{ ...a, sum: 1 }, b]).bytes,
    'the member a has another checksum than the zip says',
  ],
  [
    'a directory with content',
    makeZip([{ name: 'a/', text: 'hidden' }, b]).bytes,
    'the zip holds a directory with content',
  ],
  [
    'a zip in what is left of compressed data',
    makeZip([{ ...a, deflated: hidden }, b]).bytes,
    'the member a is of another size than the zip says',
  ],
];

describe('checkLayout', () => {
  it('is content with members, stored and compressed', async () => {
    const large = { localSize: 0xffffffff, localExtra: largeSizes(5, 5) };
    const zip = makeZip([
      a,
      { ...b, deflated: Buffer.alloc(0) },
      { name: 'c', text: 'three', ...large },
    ]).bytes;
    expect(await contentIn(zip)).to.deep.equal({ a: 'one', b: 'two', c: 'three' });
  });

  for (const [what, zip, says] of altered)
    it(`refuses ${what}`, async () => {
      expect((await failureOf(contentIn(zip))).message).to.equal(says);
    });

  it('is content with what programs make, of files, through a pipe, with a comment and names that are not ASCII', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'in'));
      for (const name of ['a', 'é']) await writeFile(join(dir, 'in', name), 'x'.repeat(5000));
      const script = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
z.comment = b'a comment'
for name in 'a', '\\u00e9':
    with z.open(zipfile.ZipInfo('in/' + name), 'w', force_zip64=True) as member:
        member.write(b'x' * 5000)
z.close()`;
      for (const command of [
        ['sh', '-c', 'zip -q -r x.zip in'],
        ['sh', '-c', 'zip -q -r - in | cat > x.zip'],
        ['python3', '-c', script, 'x.zip'],
      ]) {
        const [program = '', ...args] = command;
        await run('rm', ['-f', 'x.zip'], dir);
        await run(program, args, dir);
        const found = await contentIn(await readFile(join(dir, 'x.zip')));
        expect(Object.keys(found), command.join(' ')).to.have.length(2).and.to.include('in/a');
        for (const text of Object.values(found)) expect(text).to.equal('x'.repeat(5000));
      }
    }));
});

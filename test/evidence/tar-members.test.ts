import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { encodeTarHeader, tarEnd, tarPadding } from '../../src/evidence/tar-header.ts';
import { tarMembers } from '../../src/evidence/tar-members.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox, piecesOf, run } from './sandbox.ts';

/** A header block with its sum made anew after `change`. */
function header(name: string, size: number, change: (block: Buffer) => void = () => undefined): Buffer {
  const entry = {
    name: Buffer.from(name),
    type: 'file',
    mode: 0o600,
    uid: 0,
    gid: 0,
    size,
    mtime: 0n,
  } as const;
  const block = encodeTarHeader(entry);
  change(block);
  block.write('        ', 148, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function member(name: string, text: string, change?: (block: Buffer) => void): Buffer {
  return Buffer.concat([
    header(name, text.length, change),
    Buffer.from(text),
    Buffer.alloc(tarPadding(text.length)),
  ]);
}

function withType(flag: string): (block: Buffer) => void {
  return (block) => void block.write(flag, 156, 'latin1');
}

function record(key: string, value: string): string {
  const length = key.length + value.length + 3;
  const digits = String(length + String(length).length).length;
  return `${length + digits} ${key}=${value}\n`;
}

const pax = (key: string, value: string): Buffer => member('pax', record(key, value), withType('x'));
const longName = (name: string): Buffer => member('././@LongLink', `${name}\0`, withType('L'));
const a = member('a', 'content');

/** What somebody could make of a tar, and what is said of it. */
const altered: readonly (readonly [what: string, tar: readonly Buffer[], says: string])[] = [
  [
    'a member behind the end',
    [a, tarEnd, member('b', 'x'), tarEnd],
    'there is something else behind the end of the tar, from byte 1536 on',
  ],
  [
    'a member behind one block of zeros',
    [a, Buffer.alloc(512), member('b', 'x'), tarEnd],
    'there is something else behind the end of the tar, from byte 1536 on',
  ],
  [
    'another tar behind it, as cat makes it',
    [a, tarEnd, a, tarEnd],
    'there is something else behind the end of the tar, from byte 1536 on',
  ],
  [
    'a byte behind the end',
    [a, tarEnd, Buffer.from('x')],
    'there is something else behind the end of the tar, from byte 1536 on',
  ],
  [
    'a directory with content',
    [member('d/', a.toString('latin1'), withType('5')), tarEnd],
    'the tar holds a directory with content',
  ],
  ['an old directory with content', [member('d/', 'x'), tarEnd], 'the tar holds a directory with content'],
  [
    'two names for a member',
    [longName('b'), pax('path', 'c'), a, tarEnd],
    'the tar holds a member with two names',
  ],
  [
    'the same in the other order',
    [pax('path', 'c'), longName('b'), a, tarEnd],
    'the tar holds a member with two names',
  ],
  ['two long names', [longName('b'), longName('c'), a, tarEnd], 'the tar holds a member with two names'],
  [
    'two lists of attributes',
    [pax('mtime', '1'), pax('path', 'c'), a, tarEnd],
    'the tar holds a member with two names',
  ],
  [
    'a name for all members',
    [member('pax', record('path', 'c'), withType('g')), a, tarEnd],
    'the tar names or sizes all of its members at once',
  ],
  [
    'an attribute given twice',
    [member('pax', record('path', 'b') + record('path', 'c'), withType('x')), a, tarEnd],
    'the tar holds attributes that programs read differently',
  ],
  [
    'an attribute cut off',
    [member('pax', '99 path=b\n', withType('x')), a, tarEnd],
    'the tar holds attributes that programs read differently',
  ],
  ['a size that is none', [pax('size', '0x10'), a, tarEnd], 'the tar holds a size that is none'],
  [
    'a size of its attributes beside another one of its header',
    [pax('size', '3'), a, tarEnd],
    'the tar holds a size that is none',
  ],
  [
    'attributes of a sparse file that star writes',
    [pax('SCHILY.realsize', '3'), a, tarEnd],
    'the tar holds attributes that programs read differently',
  ],
  [
    'an empty name in its attributes',
    [pax('path', ''), a, tarEnd],
    'the tar holds attributes that programs read differently',
  ],
  [
    'a file of the oldest kind that its header calls a directory and its attributes do not',
    [pax('path', 'a'), member('d/', 'x', withType('\0')), tarEnd],
    'the tar holds a header whose name programs read differently',
  ],
  ['no name', [member('', 'x'), tarEnd], 'the tar holds a header whose name programs read differently'],
  [
    'a header of another sum',
    [Buffer.concat([Buffer.from('b'), a.subarray(1)]), tarEnd],
    'the tar holds a header that is none',
  ],
  [
    'a header of no known format',
    [member('a', 'x', (block) => void block.write('other', 257)), tarEnd],
    'the tar holds a header that is none',
  ],
  [
    'an empty long name',
    [header('././@LongLink', 0, withType('L')), a, tarEnd],
    'the tar holds a name or attribute of no usable length',
  ],
  [
    'a header with a size in no octal digits',
    [member('a', 'x', (block) => void block.write('8', 124)), tarEnd],
    'the tar holds a header that is none',
  ],
  [
    'a prefix in the old GNU format',
    [member('a', 'x', (block) => void block.write('p', 345)), tarEnd],
    'the tar holds a header whose name programs read differently',
  ],
];

/** Content of the files by their names. */
async function membersIn(tar: Buffer, size = 10_000): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, type, content } of tarMembers(piecesOf(tar, size))) {
    const text = (await bytesOf(content)).toString();
    if (type !== '5') found[name.toString()] = text;
  }
  return found;
}

describe('tarMembers', () => {
  for (const [what, tar, says] of altered)
    it(`refuses ${what}`, async () => {
      const error = await failureOf(membersIn(Buffer.concat(tar), 700));
      expect(error.message).to.equal(says);
    });

  it('reads what tar programs make, in every format and with long names', () =>
    inSandbox(async (dir) => {
      const long = `in/${'d'.repeat(120)}`;
      const wanted = {
        [`${long}/${'é'.repeat(60)}`]: 'x'.repeat(5000),
        [`in/${'p'.repeat(60)}/${'n'.repeat(60)}`]: '',
      };
      for (const [name, text] of Object.entries(wanted)) {
        await mkdir(join(dir, dirname(name)), { recursive: true });
        await writeFile(join(dir, name), text);
      }
      for (const format of ['gnu', 'oldgnu', 'posix', 'pax']) {
        await run('tar', [`--format=${format}`, '-cf', 'x.tar', 'in'], dir);
        expect(await membersIn(await readFile(join(dir, 'x.tar'))), format).to.deep.equal(wanted);
      }
      const script =
        "import sys, tarfile; t = tarfile.open('x.tar', 'w', format=int(sys.argv[1])); t.add('in'); t.close()";
      for (const format of ['1', '2']) {
        await run('python3', ['-c', script, format], dir);
        expect(await membersIn(await readFile(join(dir, 'x.tar'))), format).to.deep.equal(wanted);
      }
      await rm(join(dir, long), { recursive: true });
      await run('tar', ['--format=ustar', '-cf', 'x.tar', 'in'], dir);
      expect(Object.keys(await membersIn(await readFile(join(dir, 'x.tar'))))).to.deep.equal(
        Object.keys(wanted).slice(1),
      );
    }));

  it('takes the size of its attributes where it fits no field', async () => {
    const large = member('pax', record('size', String(2 ** 40)), withType('x'));
    const tar = Buffer.concat([large, header('a', 0)]);
    for await (const { name } of tarMembers(piecesOf(tar, 100))) {
      expect(name.toString()).to.equal('a');
      return;
    }
    throw new Error('there is no member');
  });

  it('says that one is cut, wherever it is', async () => {
    const tar = Buffer.concat([pax('mtime', '1'), a]);
    for (const length of [1, 511, 512, 530, 700, 1024, 1100, 1536, 1540, 1543, tar.length - 1]) {
      const error = await failureOf(membersIn(tar.subarray(0, length)));
      expect(error.message, String(length)).to.equal('the tar is cut');
    }
  });
});

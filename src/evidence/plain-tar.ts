import { ByteReader } from './byte-reader.ts';
import { tarBlock, tarPadding } from './tar-header.ts';

/*
 * Programs differ in what they make of an unusual tar: GNU tar and Python stop at the first block of zeros, others read on; a
 * directory with bytes hides what follows it; of two names for one member one program takes this, another that. Whoever
 * alters an archive could so show `verify` the files of the seal, and others to whoever unpacks it.
 */

/** Fields of a header block (POSIX pax, "ustar Interchange Format"). */
const sizeField = [124, 136] as const;
const typeField = 156;
const magicField = [257, 265] as const;
/** What the old GNU format keeps behind the names; the start of a name where the magic is that of POSIX. */
const prefixField = [345, 500] as const;
const gnuMagic = 'ustar  \0';

/** Longest name or list of attributes. */
const longest = 4 * 1024 * 1024;
/** Attributes that say how a member is read. */
const shaping = /^(?:path|linkpath|size|hdrcharset)$|^GNU\.sparse\./;
/** Of which GNU tar's first format of sparse files has one for each piece. */
const repeatable = /^GNU\.sparse\./;

/** What the members before a file or directory say of it. */
interface Described {
  longName: boolean;
  attributes: ReadonlyMap<string, string> | undefined;
}

/**
 * The same bytes, as long as every program reads the same members from them. Throws Error where that ends: something behind
 * the end, a directory with content, two names for one member, or a header that is none.
 */
export async function* plainTar(tar: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(tar);
  let described: Described = { longName: false, attributes: undefined };
  for (;;) {
    const block = await reader.take(tarBlock);
    yield block;
    if (block.length < tarBlock || isZero(block)) break;
    const type = String.fromCharCode(block[typeField] ?? 0).replace('\0', '0');
    const size = sizeIn(block);
    if ('xgLK'.includes(type)) {
      if (size === 0 || size > longest)
        throw new Error('the tar holds a name or attribute of no usable length');
      const content = await reader.take(size + tarPadding(size));
      yield content;
      described = describe(described, type, content.subarray(0, size));
      continue;
    }
    const bytes = bytesOf(block, type, size, described);
    described = { longName: false, attributes: undefined };
    yield* reader.pieces(bytes + tarPadding(bytes));
  }
  for (let at = reader.offset; !(await reader.atEnd()); at = reader.offset)
    for await (const rest of reader.pieces(tarBlock * tarBlock)) {
      if (!isZero(rest))
        throw new Error(`there is something else behind the end of the tar, from byte ${at} on`);
      yield rest;
    }
}

function describe(before: Described, type: string, content: Buffer): Described {
  if (type === 'K') return before;
  if (type === 'L') {
    if (before.longName || before.attributes?.has('path') === true) throw twoNames();
    return { ...before, longName: true };
  }
  const attributes = attributesIn(content);
  if (type === 'g') {
    if ([...attributes.keys()].some((key) => shaping.test(key)))
      throw new Error('the tar names or sizes all of its members at once');
    return before;
  }
  if (before.attributes !== undefined || (before.longName && attributes.has('path'))) throw twoNames();
  return { ...before, attributes };
}

/** Bytes behind the header of a file or of anything else that is no description. */
function bytesOf(block: Buffer, type: string, size: number, { attributes }: Described): number {
  const isGnu = block.toString('latin1', ...magicField) === gnuMagic;
  if (isGnu && type === '0' && !isZero(block.subarray(...prefixField)))
    throw new Error('the tar holds a header whose name programs read differently');
  const given = attributes?.get('size');
  if (given !== undefined && !/^\d{1,15}$/.test(given)) throw new Error('the tar holds a size that is none');
  const bytes = given === undefined ? size : Number(given);
  const isDirectory = type === '5' || (type === '0' && nameIn(block, attributes).endsWith('/'));
  if (isDirectory && bytes > 0) throw new Error('the tar holds a directory with content');
  return bytes;
}

function nameIn(block: Buffer, attributes: Described['attributes']): string {
  return attributes?.get('path') ?? block.toString('latin1', 0, 100).split('\0', 1)[0] ?? '';
}

/** Records `LENGTH KEY=VALUE\n` (POSIX pax, "pax Extended Header"). */
function attributesIn(content: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const length = Number(/^([1-9]\d{0,7}) /.exec(content.toString('latin1', at, at + 9))?.[1]);
    const record = content.toString('utf8', at, at + length);
    const [, key = '', value = ''] = /^\d+ ([^=\0]+)=([^\0]+)\n$/s.exec(record) ?? [];
    if (!(at + length <= content.length) || key === '' || (found.has(key) && !repeatable.test(key)))
      throw new Error('the tar holds attributes that programs read differently');
    found.set(key, value);
    at += length;
  }
  return found;
}

/** Octal digits, or base 256 with the top bit set (GNU tar manual, "Basic Tar Format"). */
function sizeIn(block: Buffer): number {
  const field = block.subarray(...sizeField);
  const first = field.readUInt8(0);
  const text = field.toString('latin1');
  const size =
    first === 0x80
      ? Number(`0x${field.toString('hex', 1)}`)
      : Number.parseInt(/^ *([0-7]+)[ \0]*$/.exec(text)?.[1] ?? (isZero(field) ? '0' : ''), 8);
  if (!Number.isSafeInteger(size)) throw new Error('the tar holds a header that is none');
  return size;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function twoNames(): Error {
  return new Error('the tar holds a member with two names');
}

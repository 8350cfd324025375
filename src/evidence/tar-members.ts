import { ByteReader } from './byte-reader.ts';
import { tarBlock, tarPadding } from './tar-header.ts';

/*
 * Programs differ in what they make of an unusual tar: GNU tar and Python stop at the first block of zeros, others read on; a
 * directory with bytes hides what follows it; of two names for one member one program takes this, another that. Whoever
 * alters an archive could so show `verify` the files of the seal, and others to whoever unpacks it. So there is one reader here,
 * and it reads no tar in which two programs could find different members.
 */

/** A member of a tar; its content must be read, or left, before the next is asked for. */
export interface TarMember {
  readonly name: Buffer;
  /** Type flag (POSIX pax, "ustar Interchange Format"): `0` file, `5` directory, … */
  readonly type: string;
  /** Keys of its extended header. */
  readonly attributes: ReadonlySet<string>;
  readonly content: AsyncIterable<Buffer>;
}

/** Fields of a header block (POSIX pax, "ustar Interchange Format"). */
const nameField = [0, 100] as const;
const sizeField = [124, 136] as const;
const sumField = [148, 156] as const;
const typeField = 156;
const magicField = [257, 265] as const;
/** The start of a name where the magic is that of POSIX; in the old GNU format something else. */
const prefixField = [345, 500] as const;
const posixMagic = 'ustar\0';
const gnuMagic = 'ustar  \0';

/** Longest name or list of attributes. */
const longest = 4 * 1024 * 1024;
/** From here on a size does not fit its field, and the field may hold anything beside the attribute. */
const sizeLimit = 8 ** 11;
/** Attributes that say how a member is read, to one program or another: GNU tar, star, libarchive. */
const shaping =
  /^(?:path|linkpath|size|hdrcharset)$|^GNU\.(?:sparse|volume)\.|^SCHILY\.(?:realsize|offset|filetype)$|^SUN\.holesdata$/;
/** Which of them a bag may hold. */
const usual = /^(?:path|linkpath|size|hdrcharset)$|^GNU\.sparse\./;
/** Of which GNU tar's first format of sparse files has one for each piece. */
const repeatable = /^GNU\.sparse\./;

/** What the members before a file or directory say of it. */
interface Described {
  readonly longName: Buffer | undefined;
  readonly attributes: ReadonlyMap<string, string> | undefined;
}

const nothing: Described = { longName: undefined, attributes: undefined };

/**
 * The members of a tar in their order. Throws Error where not every program would read the same members: something behind the end, a
 * directory with content, two names for one member, a header that is none, or a cut.
 */
export async function* tarMembers(tar: AsyncIterable<Buffer>): AsyncGenerator<TarMember> {
  const reader = new ByteReader(tar);
  try {
    let described = nothing;
    for (;;) {
      const block = Buffer.from(await reader.take(tarBlock));
      if (block.length === 0 || (block.length === tarBlock && isZero(block))) {
        if (described === nothing) break;
        throw cut();
      }
      checkHeader(block);
      const type = String.fromCharCode(block.readUInt8(typeField)).replace('\0', '0');
      if ('xgLK'.includes(type)) {
        described = describe(described, type, await takeDescription(reader, sizeIn(block)));
        continue;
      }
      const name = nameOf(block, described);
      const size = sizeOf(block, described);
      const attributes = new Set(described.attributes?.keys());
      described = nothing;
      const end = reader.offset + size;
      yield { ...shapeOf(block, type, name, size), attributes, content: contentOf(reader, size) };
      await skip(reader, end + tarPadding(size) - reader.offset);
    }
    await checkEnd(reader);
  } finally {
    await reader.close();
  }
}

/** Throws Error for a block that is no header of POSIX or GNU tar. */
function checkHeader(block: Buffer): void {
  const [from, to] = sumField;
  const magic = block.toString('latin1', ...magicField);
  const sum = block.reduce((total, byte, at) => total + (at >= from && at < to ? 0x20 : byte), 0);
  const given = /^ *([0-7]+)[ \0]*$/.exec(block.toString('latin1', from, to))?.[1] ?? '';
  if (block.length < tarBlock) throw cut();
  if (Number.parseInt(given, 8) !== sum || !(magic === gnuMagic || magic.startsWith(posixMagic)))
    throw new Error('the tar holds a header that is none');
}

/** Content of a member that describes the next. */
async function takeDescription(reader: ByteReader, size: number): Promise<Buffer> {
  if (size === 0 || size > longest) throw new Error('the tar holds a name or attribute of no usable length');
  const content = Buffer.from(await reader.take(size));
  await skip(reader, tarPadding(size));
  if (content.length < size) throw cut();
  return content;
}

function describe(before: Described, type: string, content: Buffer): Described {
  if (type === 'K') return before;
  if (type === 'L') {
    if (before.longName !== undefined || before.attributes?.has('path') === true) throw twoNames();
    return { ...before, longName: untilZero(content) };
  }
  const attributes = attributesIn(content);
  if (type === 'g') {
    if ([...attributes.keys()].some((key) => shaping.test(key)))
      throw new Error('the tar names or sizes all of its members at once');
    return before;
  }
  if (before.attributes !== undefined || (before.longName !== undefined && attributes.has('path')))
    throw twoNames();
  return { ...before, attributes };
}

function nameOf(block: Buffer, { longName, attributes }: Described): Buffer {
  const path = attributes?.get('path');
  if (path !== undefined) return Buffer.from(path);
  if (longName !== undefined) return longName;
  const name = untilZero(block.subarray(...nameField));
  const isPosix = block.toString('latin1', ...magicField).startsWith(posixMagic);
  const prefix = isPosix ? untilZero(block.subarray(...prefixField)) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

/** Bytes behind the header; programs that know no attributes, such as busybox, take them from the header. */
function sizeOf(block: Buffer, { attributes }: Described): number {
  const size = sizeIn(block);
  const given = attributes?.get('size');
  if (given === undefined) return size;
  const bytes = Number(given);
  if (!/^\d{1,15}$/.test(given) || (bytes !== size && bytes < sizeLimit))
    throw new Error('the tar holds a size that is none');
  return bytes;
}

/** What a member is; a file with a slash at its end is a directory, to most. */
function shapeOf(block: Buffer, type: string, name: Buffer, size: number): Pick<TarMember, 'name' | 'type'> {
  const isGnu = block.toString('latin1', ...magicField) === gnuMagic;
  const isOld = block.readUInt8(typeField) === 0;
  const endsInSlash = (text: Buffer): boolean => text.at(-1) === 0x2f;
  if (
    name.length === 0 ||
    (isGnu && type === '0' && !isZero(block.subarray(...prefixField))) ||
    (isOld && endsInSlash(untilZero(block.subarray(...nameField))) && !endsInSlash(name))
  )
    throw new Error('the tar holds a header whose name programs read differently');
  const isDirectory = type === '5' || (type === '0' && endsInSlash(name));
  if (isDirectory && size > 0) throw new Error('the tar holds a directory with content');
  return { name, type: isDirectory ? '5' : type };
}

/** Records `LENGTH KEY=VALUE\n` (POSIX pax, "pax Extended Header"). */
function attributesIn(content: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const length = Number(/^([1-9]\d{0,7}) /.exec(content.toString('latin1', at, at + 9))?.[1]);
    const record = content.toString('utf8', at, at + length);
    const [, key = '', value = ''] = /^\d+ ([^=\0]+)=([^\0]+)\n$/s.exec(record) ?? [];
    const isUnusual = shaping.test(key) && !usual.test(key);
    const isRepeated = found.has(key) && !repeatable.test(key);
    if (!(at + length <= content.length) || key === '' || isUnusual || isRepeated)
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

async function* contentOf(reader: ByteReader, size: number): AsyncGenerator<Buffer> {
  const end = reader.offset + size;
  yield* reader.pieces(size);
  if (reader.offset < end) throw cut();
}

/** Reads on over the rest of a member. */
async function skip(reader: ByteReader, length: number): Promise<void> {
  const content = contentOf(reader, length);
  while ((await content.next()).done !== true);
}

/** Behind the last member there may be zeros alone. */
async function checkEnd(reader: ByteReader): Promise<void> {
  for (let at = reader.offset; !(await reader.atEnd()); at = reader.offset)
    for await (const rest of reader.pieces(tarBlock * tarBlock))
      if (!isZero(rest))
        throw new Error(`there is something else behind the end of the tar, from byte ${at} on`);
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function cut(): Error {
  return new Error('the tar is cut');
}

function twoNames(): Error {
  return new Error('the tar holds a member with two names');
}

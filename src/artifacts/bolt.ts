import { OperationError } from '../output/errors.ts';

/**
 * Read-only view of a bbolt database file, as containerd keeps its state in: go.etcd.io/bbolt, internal/common
 * page.go, meta.go, bucket.go, inode.go. All numbers are little-endian.
 * Whoever controls the node can have written the file: every offset is checked, a page is visited once per walk, and
 * anything unsound is an OperationError that names the page, never a wrong entry.
 */
export class BoltBucket {
  readonly #file: BoltFile;
  readonly #page: Buffer;

  constructor(file: BoltFile, page: Buffer) {
    this.#file = file;
    this.#page = page;
  }

  /** Keys in byte order with their values; `bucket` for a key that holds a bucket. Buffers are views of the file. */
  *entries(): Generator<BoltEntry> {
    yield* walk(this.#file, this.#page, new Set());
  }

  /** The value of a key; undefined when there is none or it holds a bucket. */
  get(key: string): Buffer | undefined {
    const entry = this.#find(key);
    return entry?.bucket === false ? entry.value : undefined;
  }

  /** The bucket below a path of keys. */
  bucket(...keys: readonly string[]): BoltBucket | undefined {
    const [key, ...rest] = keys;
    if (key === undefined) return this;
    const entry = this.#find(key);
    return entry?.bucket === true ? openBucket(this.#file, entry.value).bucket(...rest) : undefined;
  }

  /** The buckets directly below, with their keys. */
  *buckets(): Generator<{ readonly key: Buffer; readonly bucket: BoltBucket }> {
    for (const { key, value, bucket } of this.entries())
      if (bucket) yield { key, bucket: openBucket(this.#file, value) };
  }

  /** Names of the buckets directly below, as UTF-8. */
  *names(): Generator<string> {
    for (const { key, bucket } of this.entries()) if (bucket) yield key.toString('utf8');
  }

  #find(key: string): BoltEntry | undefined {
    const wanted = Buffer.from(key);
    for (const entry of this.entries()) if (entry.key.equals(wanted)) return entry;
    return undefined;
  }
}

export interface BoltEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly bucket: boolean;
}

/** The valid one of the two meta pages that has the higher transaction number. */
export interface BoltMeta {
  readonly pageSize: number;
  /** Page of the root bucket. */
  readonly root: bigint;
  readonly transaction: bigint;
}

interface BoltFile {
  /** Entries and pages that may still be looked at. */
  readonly budget: { left: number };
  readonly bytes: Buffer;
  readonly pageSize: number;
}

/** Bytes from the start of a file that hold both meta pages whatever the page size. */
export const boltHeadBytes = 2 * 65_536;
const magic = 0xed0cdaed;
const version = 2;
const pageHeader = 16;
const metaBytes = 64;
/** Leaves and branches share the size of their elements. */
const elementBytes = 16;
const branchFlag = 0x01;
const leafFlag = 0x02;
const bucketFlag = 0x01;
/** Levels of branch pages; each holds two children at least, so a sound tree of any file has fewer. */
const deepest = 48;
/** Pages are as large as the kernel's were where the file was made. */
const pageSizes = [4096, 16_384, 65_536, 8192, 32_768, 1024, 2048];

/**
 * The root bucket of a whole database file. A copy that was taken while the database was written is only sound when
 * `boltMeta` of the file's head gave the same transaction before and after. Behind `visits` looks at an entry or a page it
 * counts as damaged, since buckets may share their pages.
 */
export function openBolt(bytes: Buffer, visits = Infinity): BoltBucket {
  const { pageSize, root } = boltMeta(bytes);
  const file = { bytes, pageSize, budget: { left: visits } };
  return new BoltBucket(file, pageAt(file, root));
}

/** Reads the meta pages. Throws OperationError when neither is valid. */
export function boltMeta(head: Buffer): BoltMeta {
  const first = metaAt(head, 0);
  const sizes = first === undefined ? pageSizes : [first.pageSize];
  const second = sizes
    .map((size) => metaAt(head, size))
    .find((meta, index) => meta?.pageSize === sizes[index]);
  const valid = [first, second].filter((meta) => meta !== undefined);
  const [newest] = valid.sort((a, b) => (a.transaction > b.transaction ? -1 : 1));
  if (newest === undefined) throw damaged('it has no valid meta page');
  return newest;
}

/** A uvarint (encoding/binary): 7 bits a byte, lowest first; undefined when it is cut or above 2^53. */
export function uvarint(bytes: Buffer): number | undefined {
  let value = 0;
  for (const [index, byte] of bytes.subarray(0, 8).entries()) {
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined;
  }
  return undefined;
}

function metaAt(head: Buffer, offset: number): BoltMeta | undefined {
  const meta = head.subarray(offset + pageHeader, offset + pageHeader + metaBytes);
  if (meta.length < metaBytes || meta.readUInt32LE(0) !== magic || meta.readUInt32LE(4) !== version)
    return undefined;
  if (meta.readBigUInt64LE(56) !== fnv1a(meta.subarray(0, 56))) return undefined;
  const pageSize = meta.readUInt32LE(8);
  if (!pageSizes.includes(pageSize)) return undefined;
  return { pageSize, root: meta.readBigUInt64LE(16), transaction: meta.readBigUInt64LE(48) };
}

/** FNV-1a of 64 bits, RFC 9923. */
function fnv1a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** A page with its overflow pages. Throws OperationError when it is not the page it should be. */
function pageAt({ bytes, pageSize }: BoltFile, id: bigint): Buffer {
  const start = Number(id) * pageSize;
  if (start + pageSize > bytes.length) throw damaged(`page ${id} lies behind its end`);
  if (bytes.readBigUInt64LE(start) !== id) throw damaged(`page ${id} says that it is another one`);
  const end = start + pageSize * (1 + bytes.readUInt32LE(start + 12));
  if (end > bytes.length) throw damaged(`page ${id} goes on behind its end`);
  return bytes.subarray(start, end);
}

/** The value of a bucket's key: root page and sequence, and for root 0 the page itself behind them. */
function openBucket(file: BoltFile, value: Buffer): BoltBucket {
  if (value.length < pageHeader) throw damaged('a bucket has no header');
  const root = value.readBigUInt64LE(0);
  return new BoltBucket(file, root === 0n ? value.subarray(pageHeader) : pageAt(file, root));
}

function* walk(file: BoltFile, page: Buffer, visited: Set<number>, depth = 0): Generator<BoltEntry> {
  if (depth > deepest) throw damaged('its pages lie deeper than any tree');
  if (page.length < pageHeader) throw damaged('a page is cut');
  const flags = page.readUInt16LE(8);
  if (flags !== branchFlag && flags !== leafFlag) throw damaged('a page of a bucket holds something else');
  if (visited.has(page.byteOffset)) throw damaged('its pages lead in a circle');
  visited.add(page.byteOffset);
  const count = page.readUInt16LE(10);
  if (pageHeader + count * elementBytes > page.length) throw damaged('a page counts more than it holds');
  for (let index = 0; index < count; index += 1) {
    file.budget.left -= 1;
    if (file.budget.left < 0) throw damaged('its buckets hold more than the file does');
    const at = pageHeader + index * elementBytes;
    if (flags === branchFlag) {
      yield* walk(file, pageAt(file, page.readBigUInt64LE(at + 8)), visited, depth + 1);
      continue;
    }
    const key = at + page.readUInt32LE(at + 4);
    const value = key + page.readUInt32LE(at + 8);
    const end = value + page.readUInt32LE(at + 12);
    if (end > page.length) throw damaged('an entry reaches behind its page');
    yield {
      key: page.subarray(key, value),
      value: page.subarray(value, end),
      bucket: (page.readUInt32LE(at) & bucketFlag) !== 0,
    };
  }
}

function damaged(why: string): OperationError {
  return new OperationError(`the bolt database cannot be read: ${why}`, {
    advice: 'take the copy again; a database that stays unreadable is itself a finding',
  });
}

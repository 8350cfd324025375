/** Contents of a bucket: keys with values or with buckets. */
export interface BucketContents {
  readonly [key: string]: Buffer | string | BucketContents;
}

const pageSize = 4096;
const header = 16;

/** A bbolt file with these contents, one leaf page of any length per bucket: enough for a reader, not what bbolt itself would write. */
export function boltFile(contents: BucketContents, transaction = 1n): Buffer {
  const pages: Buffer[] = [Buffer.alloc(2 * pageSize)];
  const write = (bucket: BucketContents): bigint => {
    const entries = Object.entries(bucket)
      .map(([key, value]) => {
        const nested = typeof value !== 'string' && !Buffer.isBuffer(value);
        const bytes = nested ? bucketValue(write(value)) : Buffer.from(value);
        return { key: Buffer.from(key), bytes, flags: nested ? 1 : 0 };
      })
      .sort((a, b) => a.key.compare(b.key));
    const leaf = leafPage(entries);
    const id = BigInt(pages.reduce((sum, page) => sum + page.length, 0) / pageSize);
    leaf.writeBigUInt64LE(id, 0);
    pages.push(leaf);
    return id;
  };
  const root = write(contents);
  const file = Buffer.concat(pages);
  for (const page of [0, 1]) writeMeta(file, page, root, transaction - BigInt(page));
  return file;
}

function bucketValue(root: bigint): Buffer {
  const value = Buffer.alloc(16);
  value.writeBigUInt64LE(root, 0);
  return value;
}

function leafPage(entries: readonly { key: Buffer; bytes: Buffer; flags: number }[]): Buffer {
  const elements = header + entries.length * 16;
  const data = entries.reduce((sum, { key, bytes }) => sum + key.length + bytes.length, 0);
  const page = Buffer.alloc(Math.ceil((elements + data) / pageSize) * pageSize);
  page.writeUInt16LE(2, 8);
  page.writeUInt16LE(entries.length, 10);
  page.writeUInt32LE(page.length / pageSize - 1, 12);
  let at = elements;
  for (const [i, { key, bytes, flags }] of entries.entries()) {
    const element = header + i * 16;
    page.writeUInt32LE(flags, element);
    page.writeUInt32LE(at - element, element + 4);
    page.writeUInt32LE(key.length, element + 8);
    page.writeUInt32LE(bytes.length, element + 12);
    at += key.copy(page, at);
    at += bytes.copy(page, at);
  }
  return page;
}

function writeMeta(file: Buffer, page: number, root: bigint, transaction: bigint): void {
  const at = page * pageSize + header;
  file.writeBigUInt64LE(BigInt(page), page * pageSize);
  file.writeUInt32LE(0xed0cdaed, at);
  file.writeUInt32LE(2, at + 4);
  file.writeUInt32LE(pageSize, at + 8);
  file.writeBigUInt64LE(root, at + 16);
  file.writeBigUInt64LE(BigInt(file.length / pageSize), at + 40);
  file.writeBigUInt64LE(transaction, at + 48);
  let hash = 0xcbf29ce484222325n;
  for (const byte of file.subarray(at, at + 56))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  file.writeBigUInt64LE(hash, at + 56);
}

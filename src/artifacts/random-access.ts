/** Bytes that a parser reads here and there, such as a database: a buffer, or a member of a tar on disk. */
export interface RandomAccess {
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length` at the end, none behind it. */
  read(offset: number, length: number): Buffer;
}

/** A buffer as such bytes; what is read is a view of it. */
export function accessTo(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) =>
      bytes.subarray(clamp(offset, bytes.length), clamp(offset + length, bytes.length)),
  };
}

/** Keeps the blocks used last, so that a parser may read a few bytes at a time. */
export function cachedAccess(source: RandomAccess, blockBytes = 64 * 1024, most = 256): RandomAccess {
  const blocks = new Map<number, Buffer>();
  const block = (index: number): Buffer => {
    const found = blocks.get(index);
    if (found !== undefined) {
      // Put behind the others: the first of a map is the one unused for longest.
      blocks.delete(index);
      blocks.set(index, found);
      return found;
    }
    const read = source.read(index * blockBytes, blockBytes);
    blocks.set(index, read);
    for (const oldest of blocks.keys()) {
      if (blocks.size <= most) break;
      blocks.delete(oldest);
    }
    return read;
  };
  return {
    size: source.size,
    read: (offset, length) => {
      const from = clamp(offset, source.size);
      const end = clamp(offset + length, source.size);
      const first = Math.floor(from / blockBytes);
      if (end <= (first + 1) * blockBytes) {
        const held = block(first);
        return held.subarray(from - first * blockBytes, end - first * blockBytes);
      }
      return source.read(from, end - from);
    },
  };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

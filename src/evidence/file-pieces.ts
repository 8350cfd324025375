import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Bytes that are read of a file at once. */
export const pieceSize = 1024 * 1024;

/**
 * Up to `size` bytes of a file, in pieces that are read into what `nextBuffer` gives. When that is always the same buffer, a
 * piece is good until the next is asked for, and reading gigabytes leaves nothing to clear away. Follows no link.
 */
export async function* filePieces(
  path: string,
  nextBuffer: () => Buffer,
  size = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let left = size; left > 0;) {
      const buffer = nextBuffer();
      const { bytesRead } = await file.read(buffer, 0, Math.min(left, buffer.length));
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** A file in pieces of one buffer: each is good until the next is asked for. */
export function lentPieces(path: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(pieceSize);
  return filePieces(path, () => buffer);
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { changedSinceSeal, type ArchiveContents, type ArchiveFile } from './archive-contents.ts';
import { filePieces, pieceSize } from './file-pieces.ts';
import { encodeTarHeader, tarEnd, tarPadding } from './tar-header.ts';

/** What is packed, and who wants to know and to stop it. */
export interface ArchiveJob {
  readonly dir: string;
  /** Top directory in the archive. */
  readonly name: string;
  readonly contents: ArchiveContents;
  /** Whoever takes the archive copies each piece before it asks for the next. */
  readonly copied: boolean;
  readonly progress: ((done: number, total: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * A sealed case as a tar in the GNU format, which follows from the seal alone: order, modes, owners, the time of the seal.
 * With `lent` all pieces share one buffer, and each is good until the next is asked for: megabytes of garbage less for whoever
 * copies them anyway. Throws VerificationError at the end of a file that is not what was sealed, and the reason of an abort.
 */
export async function* caseTar(job: ArchiveJob, lent: boolean): AsyncGenerator<Buffer> {
  const { dir, name, contents, progress, signal } = job;
  const total = contents.files.reduce((sum, { stats }) => sum + stats.size, 0);
  const shared = Buffer.allocUnsafeSlow(pieceSize);
  const nextBuffer = lent ? (): Buffer => shared : (): Buffer => Buffer.allocUnsafeSlow(pieceSize);
  const mtime = BigInt(Math.floor(contents.sealed.getTime() / 1000));
  let done = 0;
  for (const file of contents.files) {
    const { size } = file.stats;
    const entry = { type: 'file', mode: 0o600, uid: 0, gid: 0, size, mtime } as const;
    yield encodeTarHeader({ ...entry, name: Buffer.from(`${name}/${file.path}`) });
    for await (const piece of checkedPieces(dir, file, nextBuffer)) {
      signal?.throwIfAborted();
      done += piece.length;
      progress?.(done, total);
      yield piece;
    }
    if (tarPadding(size) > 0) yield Buffer.alloc(tarPadding(size));
  }
  signal?.throwIfAborted();
  yield tarEnd;
}

async function* checkedPieces(
  dir: string,
  { path, stats: { size }, sha256 }: ArchiveFile,
  nextBuffer: () => Buffer,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of filePieces(join(dir, path), nextBuffer, size)) {
    read += piece.length;
    hash.update(piece);
    yield piece;
  }
  if (read < size || (sha256 !== undefined && hash.digest('hex') !== sha256)) throw changedSinceSeal(path);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { TarArchive, ZipArchive } from 'archiver';
import { changedSinceSeal, type ArchiveContents, type ArchiveFile } from './archive-contents.ts';
import { tap } from './tap.ts';
import { compressZstd } from './zstd-compress.ts';

export const archiveFormats = ['tar.gz', 'tar.zst', 'tar', 'zip'] as const;

export type ArchiveFormat = (typeof archiveFormats)[number];

/** What is packed, and who wants to know and to stop it. */
export interface ArchiveJob {
  readonly dir: string;
  /** Top directory in the archive. */
  readonly name: string;
  readonly contents: ArchiveContents;
  readonly progress: ((done: number, total: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const readSize = 256 * 1024;
/** Pieces of the archiver's output that wait while their reader is busy; as pieces, since bytes would be put together first. */
const ahead = { readableObjectMode: true, readableHighWaterMark: 4, writableHighWaterMark: readSize };

/**
 * Makes an archive and gives its bytes to `use` as they come, no faster than it takes them. Rejects with what went wrong
 * first: a file that is not what was sealed, an abort, or what `use` threw. Everything is closed when it settles.
 *
 * archiver must not be destroyed while an entry is open: its inner streams would throw where nobody can catch. So an
 * archive that failed is left: nobody reads it any more, and its source is closed.
 */
export async function streamArchive<T>(
  format: ArchiveFormat,
  job: ArchiveJob,
  use: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  job.signal?.throwIfAborted();
  const archive =
    format === 'zip' ? new ZipArchive({ zlib: { level: 6, chunkSize: readSize } }) : new TarArchive();
  const plain = new PassThrough(ahead);
  const packed = format === 'tar.gz' ? createGzip({ level: 6, chunkSize: readSize }) : plain;
  const fail = (error: unknown): void => {
    packed.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  archive.on('error', fail);
  // Whoever reads gets it; without a listener it would end the process.
  packed.on('error', () => undefined);
  archive.pipe(plain);
  if (packed !== plain) plain.pipe(packed);
  const feeding = new Feeding(job);
  const stop = (): void => {
    feeding.stop();
    fail(job.signal?.reason);
  };
  job.signal?.addEventListener('abort', stop);
  feeding.feed(archive).catch(fail);
  try {
    const bytes = packed as AsyncIterable<Buffer>;
    return await use(format === 'tar.zst' ? compressZstd(bytes) : bytes);
  } finally {
    job.signal?.removeEventListener('abort', stop);
    feeding.stop();
    plain.destroy();
    packed.destroy();
  }
}

/** Gives an archive one file after the other; the next is opened when the one before has been packed. */
class Feeding {
  readonly #job: ArchiveJob;
  #stopped = false;
  #content: Readable | undefined;

  constructor(job: ArchiveJob) {
    this.#job = job;
  }

  async feed(archive: TarArchive | ZipArchive): Promise<void> {
    const { dir, name, contents, progress } = this.#job;
    const total = contents.files.reduce((sum, { stats }) => sum + stats.size, 0);
    let done = 0;
    for (const file of contents.files) {
      if (this.#isStopped()) return;
      const content = checkedContent(dir, file, (bytes) => {
        done += bytes;
        progress?.(done, total);
      });
      this.#content = content;
      const ended = new Promise<void>((resolve, reject) => {
        content.once('error', reject).once('close', resolve);
      });
      const packed = new Promise<void>((resolve) => archive.once('entry', () => resolve()));
      archive.append(content, {
        name: `${name}/${file.path}`,
        date: contents.sealed,
        mode: 0o600,
        stats: file.stats,
      });
      await ended;
      // A content that was stopped is never packed.
      if (!this.#isStopped()) await packed;
    }
    await archive.finalize();
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#content?.destroy();
  }
}

/** A file's bytes; fails at the end when they are not those of the seal. */
function checkedContent(dir: string, file: ArchiveFile, onBytes: (bytes: number) => void): Readable {
  const hash = createHash('sha256');
  const source = createReadStream(join(dir, file.path), { highWaterMark: readSize });
  const checked = tap(
    (chunk) => {
      hash.update(chunk);
      onBytes(chunk.length);
    },
    () => {
      if (file.sha256 !== undefined && hash.digest('hex') !== file.sha256) throw changedSinceSeal(file.path);
    },
  );
  source.once('error', (error) => checked.destroy(error));
  checked.once('close', () => source.destroy());
  return source.pipe(checked);
}

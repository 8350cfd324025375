import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ZipArchive } from 'archiver';
import { changedSinceSeal, type ArchiveFile } from './archive-contents.ts';
import { caseTar, type ArchiveJob } from './case-tar.ts';
import { tap } from './tap.ts';
import { compressZstd } from './zstd-compress.ts';

export const archiveFormats = ['tar.gz', 'tar.zst', 'tar', 'zip'] as const;

export type ArchiveFormat = (typeof archiveFormats)[number];

const readSize = 256 * 1024;
/** Pieces of the archiver's output that wait while their reader is busy; as pieces, since bytes would be put together first. */
const ahead = { readableObjectMode: true, readableHighWaterMark: 4, writableHighWaterMark: readSize };

/**
 * Makes an archive and gives its bytes to `use` as they come, no faster than it takes them. Rejects with what went wrong
 * first: a file that is not what was sealed, an abort, or what `use` threw. Everything is closed when it settles.
 */
export async function streamArchive<T>(
  format: ArchiveFormat,
  job: ArchiveJob,
  use: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  job.signal?.throwIfAborted();
  if (format === 'zip') return streamZip(job, use);
  const bytes = tarBytes(format, job);
  try {
    return await use(bytes);
  } finally {
    await bytes.return(undefined);
  }
}

function tarBytes(format: Exclude<ArchiveFormat, 'zip'>, job: ArchiveJob): AsyncGenerator<Buffer> {
  if (format === 'tar.zst') return compressZstd(caseTar(job, true));
  return format === 'tar.gz' ? compressGzip(caseTar(job, false)) : caseTar(job, job.copied);
}

async function* compressGzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 6, chunkSize: readSize });
  pipeline(Readable.from(source), gzip, () => undefined);
  for await (const chunk of gzip) yield chunk as Buffer;
}

/**
 * archiver must not be destroyed while an entry is open: its inner streams would throw where nobody can catch. So an
 * archive that failed is left: nobody reads it any more, and its source is closed.
 */
async function streamZip<T>(job: ArchiveJob, use: (bytes: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
  const archive = new ZipArchive({ zlib: { level: 6, chunkSize: readSize } });
  const packed = new PassThrough(ahead);
  const fail = (error: unknown): void => {
    packed.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  archive.on('error', fail);
  // Whoever reads gets it; without a listener it would end the process.
  packed.on('error', () => undefined);
  archive.pipe(packed);
  const feeding = new Feeding(job);
  const stop = (): void => {
    feeding.stop();
    fail(job.signal?.reason);
  };
  job.signal?.addEventListener('abort', stop);
  feeding.feed(archive).catch(fail);
  try {
    return await use(packed as AsyncIterable<Buffer>);
  } finally {
    job.signal?.removeEventListener('abort', stop);
    feeding.stop();
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

  async feed(archive: ZipArchive): Promise<void> {
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

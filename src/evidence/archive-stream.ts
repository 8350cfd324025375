import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { TarArchive, ZipArchive } from 'archiver';
import { changedSinceSeal, type ArchiveContents, type ArchiveFile } from './archive-contents.ts';
import { tap } from './tap.ts';

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
/** Output of a compressor and of the archiver waits here while its reader is busy. */
const aheadSize = 1024 * 1024;

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
  const plain = new PassThrough({ highWaterMark: aheadSize });
  const packed = compressor(format) ?? plain;
  const fail = (error: unknown): void => {
    packed.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  archive.on('error', fail);
  // Whoever reads gets it; without a listener it would end the process.
  packed.on('error', () => undefined);
  archive.pipe(plain);
  if (packed !== plain) compress(plain, packed).catch(fail);
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
    plain.destroy();
    packed.destroy();
  }
}

/**
 * Writes a stream into a compressor, which is told of the end only when it has taken everything: zstd writes other bytes
 * when the end comes together with the last piece, which would be a matter of chance.
 */
async function compress(plain: Readable, packed: Transform): Promise<void> {
  for await (const chunk of plain)
    await new Promise<void>((resolve, reject) => {
      packed.write(chunk, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  packed.end();
}

/** gzip at its usual level; zstd at its usual level, with its checksum, so that `zstd -t` checks the content. */
function compressor(format: ArchiveFormat): Transform | undefined {
  const sizes = { chunkSize: readSize, highWaterMark: aheadSize };
  if (format === 'tar.gz') return createGzip({ level: 6, ...sizes });
  if (format !== 'tar.zst') return undefined;
  const params = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };
  return createZstdCompress({ params, ...sizes });
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

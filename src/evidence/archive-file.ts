import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { TarArchive, ZipArchive, type Archiver } from 'archiver';
import { changedSinceSeal, type ArchiveContents, type ArchiveFile } from './archive-contents.ts';
import { tap } from './tap.ts';

export const archiveFormats = ['tar.gz', 'tar', 'zip'] as const;

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

export interface WrittenArchive {
  readonly size: number;
  readonly sha256: string;
}

/**
 * Writes an archive into a new file, on disk when it resolves. When it rejects, the file is to be removed by the caller.
 * archiver must not be destroyed while an entry is open: its inner streams would throw where nobody can catch. So an
 * archive that failed is left: nobody reads it any more, and its source is closed.
 */
export async function writeArchive(
  path: string,
  format: ArchiveFormat,
  job: ArchiveJob,
): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let size = 0;
  const counted = tap((chunk) => {
    hash.update(chunk);
    size += chunk.length;
  });
  const archive = createArchive(format);
  const output = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const stop = new AbortController();
  const closed = new Promise<void>((resolve) => output.once('close', resolve));
  const failed = new Promise<never>((_, reject) => {
    for (const stream of [archive, counted, output]) stream.on('error', reject);
    const interrupted = (): void => reject(job.signal?.reason as Error);
    job.signal?.addEventListener('abort', interrupted, { signal: stop.signal });
  });
  try {
    job.signal?.throwIfAborted();
    archive.pipe(counted).pipe(output);
    await Promise.race([failed, feed(archive, job, stop.signal).then(() => closed)]);
  } finally {
    stop.abort();
    output.destroy();
    await closed;
  }
  return { size, sha256: hash.digest('hex') };
}

function createArchive(format: ArchiveFormat): Archiver {
  if (format === 'zip') return new ZipArchive({ zlib: { level: 6 } });
  return new TarArchive({ gzip: format === 'tar.gz', gzipOptions: { level: 6 } });
}

/** Gives the archive one file after the other; the next is opened when the one before has been packed. */
async function feed(archive: Archiver, job: ArchiveJob, stop: AbortSignal): Promise<void> {
  const { files, sealed } = job.contents;
  const total = files.reduce((sum, { stats }) => sum + stats.size, 0);
  let done = 0;
  for (const file of files) {
    const content = checkedContent(job.dir, file, (bytes) => {
      done += bytes;
      job.progress?.(done, total);
    });
    stop.addEventListener('abort', () => content.destroy(), { once: true });
    const packed = new Promise<void>((resolve, reject) => {
      content.once('error', reject);
      archive.once('entry', () => resolve());
    });
    archive.append(content, {
      name: `${job.name}/${file.path}`,
      date: sealed,
      mode: 0o600,
      stats: file.stats,
    });
    await packed;
  }
  await archive.finalize();
}

/** A file's bytes; fails at the end when they are not those of the seal. */
function checkedContent(dir: string, file: ArchiveFile, onBytes: (bytes: number) => void): Readable {
  const hash = createHash('sha256');
  const source = createReadStream(join(dir, file.path), { highWaterMark: 256 * 1024 });
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

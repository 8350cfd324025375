import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, lstat, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TarArchive, ZipArchive, type Archiver, type EntryData } from 'archiver';
import type { Io } from '../output/io.ts';
import { OperationError, UsageError } from '../output/errors.ts';
import { changedSinceSeal, listContents, type ArchiveContents } from './archive-contents.ts';
import { openCase, type Case } from './case.ts';
import { hasCode, isNoRoom, syncDirectory } from './durable-file.ts';
import { sealCase } from './seal.ts';
import { tap } from './tap.ts';

export const archiveFormats = ['tar.gz', 'tar', 'zip'] as const;

export type ArchiveFormat = (typeof archiveFormats)[number];

export interface PackOptions {
  readonly format: ArchiveFormat;
  /** File to make; default is the case's name with the format's ending, beside the case. */
  readonly output?: string;
  /** Told the payload's bytes done and in all. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface PackedCase {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Files in it. */
  readonly files: number;
  /** When the case was sealed, RFC 3339. */
  readonly sealed: string;
}

/**
 * Packs a case into one archive with the case's name as its top directory; seals it first when it is not sealed. The
 * bytes follow from the sealed case alone: fixed order, modes, owners, and the time of the seal. Every file is checked
 * against the bag while it is packed. Throws UsageError when the output exists or lies in the case, VerificationError
 * when a file is not what the bag says; then nothing is left behind.
 */
export async function packCase(io: Io, dir: string, options: PackOptions): Promise<PackedCase> {
  const opened = await openCase(io, { dir, target: '', create: false });
  try {
    const path = resolve(options.output ?? join(dirname(opened.dir), `${opened.name}.${options.format}`));
    await refuseOutput(path, opened.dir);
    await sealCase(opened, options.signal);
    const contents = await listContents(opened.dir);
    const { sha256, size } = await write(opened, contents, path, options);
    const details = { sha256, size, format: options.format };
    await opened.custody.appendAfterSeal({
      action: 'archive',
      object: basename(path),
      result: 'done',
      details,
    });
    const sealed = contents.sealed.toISOString();
    return { name: opened.name, path, size, sha256, files: contents.files.length, sealed };
  } finally {
    await opened.close();
  }
}

async function refuseOutput(path: string, dir: string): Promise<void> {
  const parent = await realpath(dirname(path)).catch(() => undefined);
  if (parent === undefined) throw new UsageError(`there is no directory ${dirname(path)} for the archive`);
  if (`${parent}${sep}`.startsWith(`${await realpath(dir)}${sep}`))
    throw new UsageError(`the archive ${path} would lie in the case itself; give another file with -o`);
  if ((await lstat(path).catch(() => undefined)) !== undefined) throw exists(path);
}

function exists(path: string): UsageError {
  return new UsageError(`${path} exists; remove it or give another file with -o`);
}

async function write(
  opened: Case,
  contents: ArchiveContents,
  path: string,
  options: PackOptions,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const temporary = `${path}.${process.pid}.tmp`;
  const hash = createHash('sha256');
  let size = 0;
  const counted = tap((chunk) => {
    hash.update(chunk);
    size += chunk.length;
  });
  const archive = createArchive(options.format);
  try {
    const output = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const written = pipeline(archive, counted, output, signal);
    const fed = feed(archive, opened, contents, options.progress);
    // The output's own error says more than the early end that it causes in the archive.
    for (const result of await Promise.allSettled([written, fed]))
      if (result.status === 'rejected') throw result.reason;
    await place(temporary, path);
  } catch (error) {
    archive.destroy();
    await unlink(temporary).catch(() => undefined);
    options.signal?.throwIfAborted();
    if (!isNoRoom(error)) throw error;
    throw new OperationError(`no space left for the archive ${path}`, {
      advice: 'free some space, or give a file on another disk with -o; the case itself is whole',
      cause: error,
    });
  }
  return { sha256: hash.digest('hex'), size };
}

function createArchive(format: ArchiveFormat): Archiver {
  if (format === 'zip') return new ZipArchive({ zlib: { level: 6 } });
  return new TarArchive({ gzip: format === 'tar.gz', gzipOptions: { level: 6 } });
}

/** Gives the archive one file after the other; the next is opened when the one before has been packed. */
async function feed(
  archive: Archiver,
  opened: Case,
  contents: ArchiveContents,
  progress: PackOptions['progress'],
): Promise<void> {
  const total = contents.files.reduce((sum, { stats }) => sum + stats.size, 0);
  let done = 0;
  for (const file of contents.files) {
    const hash = createHash('sha256');
    const onChunk = (chunk: Buffer): void => {
      hash.update(chunk);
      done += chunk.length;
      progress?.(done, total);
    };
    const onEnd = (): void => {
      if (file.sha256 !== undefined && hash.digest('hex') !== file.sha256) throw changedSinceSeal(file.path);
    };
    const source = createReadStream(join(opened.dir, file.path), { highWaterMark: 256 * 1024 });
    const name = `${opened.name}/${file.path}`;
    const data = { name, date: contents.sealed, mode: 0o600, stats: file.stats };
    await append(archive, pipeBoth(source, tap(onChunk, onEnd)), data);
  }
  await archive.finalize();
}

/** Like `pipe`, and an error of the first stream reaches the second. */
function pipeBoth(from: Readable, to: Transform): Transform {
  from.once('error', (error) => to.destroy(error));
  return from.pipe(to);
}

/** archiver tells of a packed entry by an event only; a source that fails has to end the archive, or it would wait. */
function append(archive: Archiver, content: Readable, data: EntryData): Promise<void> {
  return new Promise((resolvePacked, reject) => {
    const failed = (error: Error): void => {
      archive.destroy(error);
      reject(error);
    };
    const closed = (): void => reject(new Error('the archive was closed before it was whole'));
    content.once('error', failed);
    archive.once('close', closed);
    archive.once('entry', () => {
      archive.removeListener('close', closed);
      resolvePacked();
    });
    archive.append(content, data);
  });
}

/** Gives a finished file its name; never over another file. Where there are no hard links, as on FAT, by renaming. */
async function place(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await unlink(temporary);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw exists(path);
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP')) throw error;
    if ((await lstat(path).catch(() => undefined)) !== undefined) throw exists(path);
    await rename(temporary, path);
  }
  await syncDirectory(dirname(path));
}

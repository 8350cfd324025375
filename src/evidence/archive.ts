import { link, lstat, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Io } from '../output/io.ts';
import { OperationError, UsageError } from '../output/errors.ts';
import { listContents, type ArchiveContents } from './archive-contents.ts';
import { writeArchive, type ArchiveFormat, type WrittenArchive } from './archive-file.ts';
import { openCase, type Case } from './case.ts';
import { hasCode, isNoRoom, syncDirectory } from './durable-file.ts';
import { sealCase } from './seal.ts';

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
  /** Items in it that may hold credentials. */
  readonly sensitive: number;
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
    const { sha256, size, contents } = await write(opened, path, options);
    const details = { sha256, size, format: options.format };
    await opened.custody.appendAfterSeal({
      action: 'archive',
      object: basename(path),
      result: 'done',
      details,
    });
    const sealed = contents.sealed.toISOString();
    const { files, sensitive } = contents;
    return { name: opened.name, path, size, sha256, files: files.length, sealed, sensitive };
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
  path: string,
  options: PackOptions,
): Promise<WrittenArchive & { readonly contents: ArchiveContents }> {
  const contents = await listContents(opened.dir);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const { format, progress, signal } = options;
    const written = await writeArchive(temporary, format, {
      dir: opened.dir,
      name: opened.name,
      contents,
      progress,
      signal,
    });
    await place(temporary, path);
    return { ...written, contents };
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (!isNoRoom(error)) throw error;
    throw new OperationError(`no space left for the archive ${path}`, {
      advice: 'free some space, or give a file on another disk with -o; the case itself is whole',
      cause: error,
    });
  }
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

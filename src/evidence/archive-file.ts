import { link, lstat, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { OperationError, UsageError } from '../output/errors.ts';
import { hasCode, isNoRoom, syncDirectory } from './durable-file.ts';

/** Throws UsageError when what is made of the case in `dir`, such as an archive, cannot become the file `path`: it exists, or would lie in the case. */
export async function refuseFile(path: string, dir: string): Promise<void> {
  const parent = await realpath(dirname(path)).catch(() => undefined);
  if (parent === undefined) throw new UsageError(`there is no directory ${dirname(path)} to write to`);
  if (`${parent}${sep}`.startsWith(`${await realpath(dir)}${sep}`))
    throw new UsageError(`${path} would lie in the case itself; give another file with --to`);
  if ((await lstat(path).catch(() => undefined)) !== undefined) throw exists(path);
}

/**
 * Writes an archive to a new file, mode 0600: under a temporary name beside it until it is whole and on disk, never over
 * another file. What killed processes left under such names is removed first.
 */
export async function writeArchiveFile(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  await removeLeftovers(path).catch((error: unknown) => {
    throw refusedPlace(path, error);
  });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600).catch((error: unknown) => {
      throw refusedPlace(path, error);
    });
    try {
      // While one chunk is written the next is made.
      let writing = Promise.resolve();
      for await (const chunk of bytes) {
        await writing;
        writing = file.appendFile(chunk);
        // It is awaited later; until then a rejection is nobody's.
        writing.catch(() => undefined);
      }
      await writing;
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (!isNoRoom(error)) throw error;
    throw new OperationError(`no space left for ${path}`, {
      advice: 'free some space, or give a file on another disk with --to; the case itself is whole',
      cause: error,
    });
  }
}

/** A directory that is read-only, or not ours to write into. */
function refusedPlace(path: string, error: unknown): unknown {
  const code = ['EROFS', 'EACCES', 'EPERM'].find((one) => hasCode(error, one));
  if (code === undefined) return error;
  return new OperationError(
    `cannot write ${path}: ${code === 'EROFS' ? 'a read-only disk' : 'permission denied'}`,
    {
      advice: 'give a file in another directory with --to',
      cause: error,
    },
  );
}

function exists(path: string): UsageError {
  return new UsageError(`${path} exists; remove it or give another file with --to`);
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

async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  for (const found of await readdir(dirname(path))) {
    const pid = /^\.(\d+)\.tmp$/.exec(found.startsWith(name) ? found.slice(name.length) : '')?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
      await unlink(join(dirname(path), found)).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

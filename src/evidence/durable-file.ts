import { open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperationError } from '../output/errors.ts';

/** Error codes that mean "no room left": disk, quota, or size limit of the file. */
const noRoomCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** True when an operating-system error carries this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Why a file can't be read, as the operating system has it; undefined for any other error. */
export function readFailure(error: unknown): string | undefined {
  const codes = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EIO', 'ELOOP'];
  return codes.find((code) => hasCode(error, code));
}

/** True when the operating system refused it, for want of a right. */
export function isDenied(error: unknown): boolean {
  return hasCode(error, 'EACCES') || hasCode(error, 'EPERM');
}

/** True when a write failed because disk, quota or file size are used up. */
export function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && noRoomCodes.includes(error.code);
}

/**
 * What an error of the operating system means to the user: a disk that is full or read-only, a place that is somebody else's,
 * and, where it is known what was done to the disk, one that fails. `doing` is what could not be done. Undefined for any
 * other error.
 */
export function diskError(error: unknown, doing?: string): OperationError | undefined {
  const cannot = doing === undefined ? '' : `cannot ${doing}: `;
  if (isNoRoom(error))
    return new OperationError(`${cannot}no space left on this machine`, {
      advice: 'free some space, then run the command again',
      cause: error,
    });
  if (doing !== undefined && hasCode(error, 'EIO'))
    return new OperationError(`${cannot}the disk of this machine failed (EIO)`, {
      advice: 'check the disk, and copy what can be read to another one',
      cause: error,
    });
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  if (typeof path !== 'string') return undefined;
  if (hasCode(error, 'EROFS'))
    return new OperationError(`${cannot}${path} is on a read-only disk`, {
      advice: 'copy all of it to a disk that can be written, and work with the copy',
      cause: error,
    });
  if (!isDenied(error)) return undefined;
  return new OperationError(`${cannot}permission denied for ${path}`, {
    advice: 'run it as the owner of that, or let the owner give you the right, or a copy that is yours',
    cause: error,
  });
}

/** Does `work`; what `diskError` knows becomes an OperationError that says what could not be done. */
export async function onDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, doing) ?? error;
  }
}

/**
 * Writes a small file so that after a crash either the old or the new content is there, never a part:
 * temporary name, fsync, rename, fsync of the directory. Mode 0600. What has the temporary name already, such as a link that
 * somebody put there, is removed.
 */
export async function writeDurable(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Makes names created, renamed or removed in a directory durable. Systems that can't open directories are left alone. */
export async function syncDirectory(dir: string): Promise<void> {
  let handle;
  try {
    handle = await open(dir, 'r');
  } catch (error) {
    if (hasCode(error, 'EISDIR') || isDenied(error)) return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'EPERM')) throw error;
  } finally {
    await handle.close();
  }
}

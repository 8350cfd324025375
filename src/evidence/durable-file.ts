import { open, rename, unlink } from 'node:fs/promises';
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

/** True when a write failed because disk, quota or file size are used up. */
export function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && noRoomCodes.includes(error.code);
}

/** Does `work`; a full disk becomes an OperationError that says what could not be done. */
export async function onDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    throw new OperationError(`cannot ${doing}: no space left on this machine`, {
      advice: 'free some space, then run the command again',
      cause: error,
    });
  }
}

/**
 * Writes a small file so that after a crash either the old or the new content is there, never a part:
 * temporary name, fsync, rename, fsync of the directory. Mode 0600.
 */
export async function writeDurable(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
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
    if (hasCode(error, 'EISDIR') || hasCode(error, 'EPERM') || hasCode(error, 'EACCES')) return;
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

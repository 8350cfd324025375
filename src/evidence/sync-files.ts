import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** So many files are waited for one by one; sync(1) waits for what other programs wrote, too. */
export const fewFiles = 64;
/** Files that are waited for at once: the disk does their flushes together. */
const width = 8;

/**
 * Resolves when files below `dir` are on disk. For many of them that is one syncfs(2) for their file system, through
 * `sync --file-system` (coreutils, busybox), as Node has no call for it; where that does not work, fsync(2) for each.
 */
export async function syncFiles(
  dir: string,
  paths: readonly string[],
  { signal, program = 'sync' }: { readonly signal?: AbortSignal | undefined; readonly program?: string } = {},
): Promise<void> {
  const [first = ''] = paths;
  if (paths.length > fewFiles && (await syncFileSystem(join(dir, first), program, signal))) return;
  const left = paths.values();
  const syncNext = async (): Promise<void> => {
    for (const path of left) {
      signal?.throwIfAborted();
      await syncFile(join(dir, path));
    }
  };
  await Promise.all(Array.from({ length: width }, syncNext));
}

async function syncFileSystem(
  path: string,
  program: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  // Elsewhere sync(1) takes no file, and comes back before all is written.
  if (process.platform !== 'linux') return false;
  try {
    await promisify(execFile)(program, ['-f', path], { signal });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

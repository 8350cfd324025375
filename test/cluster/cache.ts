import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/output/io.ts';

/** Directory of what is built once on this machine. */
export function cacheDirectory(io: Io): string {
  return join(io.env.XDG_CACHE_HOME ?? join(io.env.HOME ?? homedir(), '.cache'), 'kubectl-ir');
}

/**
 * Path of a directory of the cache, whose name holds a hash of all that it is made of. When it is not there, `build`
 * fills it; it gets its name when it is complete.
 */
export async function cached(
  name: string,
  io: Io,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const cache = cacheDirectory(io);
  const target = join(cache, name);
  if (await exists(target)) return target;
  await removeUnfinished(cache);
  const unfinished = `${target}.unfinished-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await build(unfinished);
    await rename(unfinished, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return target;
}

/** Removes what builds that were killed left behind. */
async function removeUnfinished(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const pid = /\.unfinished-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !(await exists(`/proc/${pid}`))) {
      await rm(join(cache, name), { recursive: true, force: true });
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

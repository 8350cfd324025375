import { access, mkdir, readdir, readlink, rename, rm } from 'node:fs/promises';
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
  const pids = await pidNamespace();
  await removeUnfinished(cache, pids);
  const unfinished = `${target}.unfinished-${pids}-${process.pid}`;
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

/** Removes what builds that were killed left behind; of a build in another PID namespace nobody can tell here. */
async function removeUnfinished(cache: string, pids: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const [, namespace, pid = ''] = /\.unfinished-(\d+)-(\d+)$/.exec(name) ?? [];
    if (namespace === pids && !(await exists(`/proc/${pid}`)))
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** The inode of our PID namespace, which names it on this machine (namespaces(7)). */
async function pidNamespace(): Promise<string> {
  return (await readlink('/proc/self/ns/pid')).replaceAll(/\D/g, '');
}

/** True when a directory of the cache is there, complete. */
export function isCached(name: string, io: Io): Promise<boolean> {
  return exists(join(cacheDirectory(io), name));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { open, readlink } from 'node:fs/promises';

interface Handle {
  readonly fd: number;
  sync: () => Promise<void>;
  datasync: () => Promise<void>;
}

/** Paths of the files that were waited for while `work` ran, in the order of asking. */
export async function syncsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const paths: string[] = [];
  await withSyncs((path) => paths.push(path), work);
  return paths;
}

/** Does `work` on a disk that fails with `code` when it is to have written a file whose path ends so. */
export function withFailingSync(end: string, code: string, work: () => Promise<unknown>): Promise<void> {
  return withSyncs((path) => {
    if (path.endsWith(end)) throw Object.assign(new Error(`${code}: raw, fsync`), { code, syscall: 'fsync' });
  }, work);
}

async function withSyncs(before: (path: string) => unknown, work: () => Promise<unknown>): Promise<void> {
  const handle = await open('/proc/self/status');
  const shared = Object.getPrototypeOf(handle) as Handle;
  await handle.close();
  const { sync, datasync } = shared;
  const told = (real: () => Promise<void>) =>
    async function (this: Handle): Promise<void> {
      before(await readlink(`/proc/self/fd/${this.fd}`));
      await real.call(this);
    };
  Object.assign(shared, { sync: told(sync), datasync: told(datasync) });
  try {
    await work();
  } finally {
    Object.assign(shared, { sync, datasync });
  }
}

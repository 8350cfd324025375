import { open, readlink } from 'node:fs/promises';

interface Handle {
  readonly fd: number;
  sync: () => Promise<void>;
  datasync: () => Promise<void>;
}

/** Paths of the files that were waited for while `work` ran, in the order of asking. */
export async function syncsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const handle = await open('/proc/self/status');
  const shared = Object.getPrototypeOf(handle) as Handle;
  await handle.close();
  const { sync, datasync } = shared;
  const paths: string[] = [];
  const recorded = (real: () => Promise<void>) =>
    async function (this: Handle): Promise<void> {
      paths.push(await readlink(`/proc/self/fd/${this.fd}`));
      await real.call(this);
    };
  Object.assign(shared, { sync: recorded(sync), datasync: recorded(datasync) });
  try {
    await work();
  } finally {
    Object.assign(shared, { sync, datasync });
  }
  return paths;
}

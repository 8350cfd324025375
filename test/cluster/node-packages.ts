import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../src/output/io.ts';
import { downloadPackages } from '../support/packages.ts';
import { cached, cacheDirectory } from './cache.ts';
import { run } from './run.ts';

/**
 * Debian packages of every node beside what the machine has. They are services: installed on the machine, they would
 * start there, and one of them would let people in.
 */
const packages = ['openssh-server', 'rsyslog', 'cron', 'sudo'];

/**
 * Path of a tar with all that an installation of the nodes' packages changes in this machine's root, made once for
 * each state of the machine's own packages. Nothing is installed here. Throws OperationError when the packages can't
 * be had.
 */
export function buildNodePackages(io: Io, say: (line: string) => Promise<void>): Promise<string> {
  return packageLayer('node-packages', packages, io, say);
}

/** The same for any Debian packages; `kind` begins the name of its directory in the cache. */
export async function packageLayer(
  kind: string,
  names: readonly string[],
  io: Io,
  say: (line: string) => Promise<void>,
): Promise<string> {
  const script = join(import.meta.dirname, 'node', 'packages.sh');
  const hash = createHash('sha256').update(JSON.stringify(names));
  for (const file of ['/var/lib/dpkg/status', script]) hash.update(await readFile(file));
  const name = `${kind}-${hash.digest('hex').slice(0, 16)}`;
  const directory = await cached(name, io, async (unfinished) => {
    await say(`installing ${names.join(', ')} for the nodes; once, ten seconds`);
    const archives = join(cacheDirectory(io), 'archives');
    await downloadPackages(names, archives, io);
    await run('unshare', [
      ...['--mount', '--propagation', 'private', '/bin/sh', script, unfinished, archives],
      ...names,
    ]);
  });
  return join(directory, 'layer.tar');
}

import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processIo } from '../../src/output/io.ts';
import { cached, cacheDirectory } from '../cluster/cache.ts';
import { run } from '../cluster/run.ts';
import { downloadPackages } from './packages.ts';

/** Programs of Debian packages that are unpacked and not installed: services of theirs would start on this machine. */
export interface Unpacked {
  readonly directory: string;
  /** For the environment of one of the programs. */
  readonly libraries: string;
}

const libraryPlaces = [
  'usr/lib/*-linux-gnu/systemd',
  'usr/lib/*-linux-gnu',
  'lib/*-linux-gnu',
  'usr/lib/systemd',
  'lib/systemd',
];

/** Packages and what they need beside this machine's, unpacked once for each state of its own packages. */
export async function unpackedPackages(...names: readonly string[]): Promise<Unpacked> {
  const io = processIo();
  const hash = createHash('sha256').update(JSON.stringify(names));
  hash.update(await readFile('/var/lib/dpkg/status'));
  const directory = await cached(`unpacked-${hash.digest('hex').slice(0, 16)}`, io, async (unfinished) => {
    const archives = join(cacheDirectory(io), `archives-${names.join('-')}`);
    await downloadPackages(names, archives, io);
    for await (const file of glob('*.deb', { cwd: archives }))
      await run('dpkg', ['-x', join(archives, file), unfinished]);
  });
  const libraries: string[] = [];
  for (const place of libraryPlaces)
    for await (const found of glob(place, { cwd: directory })) libraries.push(join(directory, found));
  return { directory, libraries: libraries.join(':') };
}

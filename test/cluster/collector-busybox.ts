import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { cached } from './cache.ts';
import { run } from './run.ts';

/** What the shipped image has; it knows the processor's instructions for sha256, which the one of Debian 12 does not. */
const wanted = 37;
/** The release of Debian with that, asked at the servers that this machine has its packages from. */
const release = 'trixie';

/**
 * Path of the static busybox for the collector's images: as new as the one of the image that users get, so that tests and
 * figures are of the same. That of this machine where it is new enough, else Debian's newer one, fetched once and not installed.
 * Where that can't be had, the machine's, and a line says so.
 */
export async function collectorBusybox(io: Io, say: (line: string) => Promise<void>): Promise<string> {
  const own = '/bin/busybox';
  const minor = Number(/^BusyBox v1\.(\d+)\./.exec(await run(own, []))?.[1] ?? 0);
  if (minor >= wanted) return own;
  try {
    const directory = await cached(`busybox-${release}`, io, async (unfinished) => {
      await say(`fetching busybox of Debian's ${release} for the collector; once, five seconds`);
      await fetchBusybox(unfinished);
    });
    return join(directory, 'root/usr/bin/busybox');
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await say(`the collector's images have busybox 1.${minor} of this machine: ${error.message}`);
    return own;
  }
}

/** Unpacks the package of `release` below `directory`, with lists of packages that only apt here sees. */
async function fetchBusybox(directory: string): Promise<void> {
  for (const name of ['lists/partial', 'archives/partial', 'root'])
    await mkdir(join(directory, name), { recursive: true });
  const targets = ['indextargets', '--format', '$(REPO_URI) $(COMPONENT) $(CREATED_BY) $(ORIGIN)'];
  const mirror = (await run('apt-get', targets))
    .split('\n')
    .find((line) => / main Packages Debian$/.test(line) && !line.includes('security'));
  if (mirror === undefined) throw new OperationError('apt-get knows no server of Debian');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const list = join(directory, 'sources.list');
  await writeFile(list, `deb [signed-by=${keyring}] ${mirror.split(' ')[0] ?? ''} ${release} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(directory, 'lists')}`,
    `Dir::Cache=${directory}`,
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', ['-qq', ...options, 'update']);
  await run('apt-get', ['-qq', ...options, 'download', 'busybox-static'], { cwd: directory });
  await run(
    'sh',
    ['-c', 'dpkg-deb -x busybox-static_*.deb root && rm -rf lists archives *.bin busybox-static_*.deb'],
    {
      cwd: directory,
    },
  );
}

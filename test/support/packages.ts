import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { attempt } from '../cluster/run.ts';

/** Files that must be on the machine, and the Debian package that brings each. */
export type Needs = Readonly<Record<string, string>>;

/** Debian packages of `needs` that are missing here. */
export async function missingPackages(needs: Needs): Promise<string[]> {
  const missing = await Promise.all(
    Object.entries(needs).map(([path, name]) =>
      access(path).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return missing.flat();
}

/** Installs what is missing with apt-get. Throws OperationError with one sentence when that can't be done. */
export async function installPackages(
  needs: Needs,
  io: Io,
  say: (line: string) => Promise<void>,
): Promise<void> {
  const missing = await missingPackages(needs);
  if (missing.length === 0) return;
  await say(`installing Debian packages: ${missing.join(' ')}`);
  if (await aptInstall(missing, [], io)) return;
  throw new OperationError('Debian packages are missing here and could not be installed.', {
    advice: `Install them as root: apt-get install ${missing.join(' ')}`,
  });
}

/**
 * Puts the files of packages, and of all that they need beside what is installed here, into a directory; installs
 * nothing. Throws OperationError when that can't be done.
 */
export async function downloadPackages(names: readonly string[], directory: string, io: Io): Promise<void> {
  await mkdir(join(directory, 'partial'), { recursive: true });
  const options = [
    '--download-only',
    '-o',
    `Dir::Cache::archives=${directory}`,
    '-o',
    'APT::Sandbox::User=root',
  ];
  if (await aptInstall(names, options, io)) return;
  throw new OperationError(`The Debian packages ${names.join(' ')} could not be downloaded.`, {
    advice: `See why: apt-get ${options.join(' ')} install ${names.join(' ')}`,
  });
}

/** True when `apt-get install` succeeded, at once or with new lists. */
async function aptInstall(names: readonly string[], options: readonly string[], io: Io): Promise<boolean> {
  const env = { ...io.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = [...options, 'install', '--yes', '--no-install-recommends', ...names];
  for (const args of [install, ['update'], install]) {
    const outcome = await attempt('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
    }).catch(() => undefined);
    if (outcome?.code === 0 && args === install) return true;
    if (outcome === undefined) return false;
  }
  return false;
}

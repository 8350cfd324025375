import { access } from 'node:fs/promises';
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
  const advice = `Install them as root: apt-get install ${missing.join(' ')}`;
  await say(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...io.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  for (const args of [install, ['update'], install]) {
    const outcome = await attempt('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
    }).catch(() => undefined);
    if (outcome?.code === 0 && args === install) return;
    if (outcome === undefined) break;
  }
  throw new OperationError('Debian packages are missing here and could not be installed.', { advice });
}

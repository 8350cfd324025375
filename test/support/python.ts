import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const python = '/usr/bin/python3';

/**
 * Directory with a Python package and what it needs, to be put into PYTHONPATH. Installed by pip once, below
 * `~/.cache/kubectl-ir` (or `$XDG_CACHE_HOME`); made under another name first, so that it is whole or not there.
 */
export async function pythonPackage(name: string, version: string): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kubectl-ir');
  const place = join(cache, `python-${name}-${version}`);
  if (await isThere(place)) return place;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'python-'));
  try {
    const target = join(work, 'packages');
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--root-user-action=ignore',
    ];
    await promisify(execFile)(python, [...args, '--target', target, `${name}==${version}`]);
    await rename(target, place).catch(async (error: unknown) => {
      if (!(await isThere(place))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return place;
}

/** Directories with dissect's loader of UAC collections, and with what it unpacks them with. */
export function dissectPackages(): Promise<string[]> {
  return Promise.all([pythonPackage('dissect.target', '3.25.1'), pythonPackage('backports.zstd', '1.8.0')]);
}

/** PYTHONPATH of what Timesketch reads CSV and times with. */
export function pandasPackages(): Promise<string> {
  return pythonPackage('pandas', '2.3.3');
}

/** Standard output of a Python program that uses such a package. */
export async function runPython(packages: string, program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ['-B', '-c', program, ...args], {
    env: { PATH: '/usr/bin:/bin', PYTHONPATH: packages, PYTHONIOENCODING: 'utf-8', LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

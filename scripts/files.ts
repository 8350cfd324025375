import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { promisify } from 'node:util';
import { root } from './job.ts';

/** Paths that match patterns, from the top of the project: pattern by pattern, those of one in order of their names. */
export async function expand(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const matches: string[] = [];
    for await (const file of glob(pattern, { cwd: root })) matches.push(file);
    for (const file of matches.sort()) found.add(file);
  }
  return [...found];
}

/** Paths of all files that git knows or would take. */
export async function ownPaths(): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 1 << 26 });
  return stdout.split('\0').filter((path) => path !== '');
}

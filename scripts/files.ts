import { glob } from 'node:fs/promises';
import { root } from './job.ts';

/** Paths that match patterns, from the top of the project, in order of their names. */
export async function expand(patterns: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(patterns, { cwd: root })) found.push(file);
  return found.sort();
}

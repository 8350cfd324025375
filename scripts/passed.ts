import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, root } from './job.ts';

/** Keys of files by their paths: digests of all that a check of the file depends on. */
export type Keys = ReadonlyMap<string, string>;

/** Files that had another key, or none, when they last passed a check. */
export function changedSince(keys: Keys, passed: Partial<Record<string, string>>): string[] {
  return [...keys].filter(([path, key]) => passed[path] !== key).map(([path]) => path);
}

/** What passed a check, by the key that it had; nothing when there is no record of it. */
export async function readPassed(check: string): Promise<Partial<Record<string, string>>> {
  return parsePassed(await readFile(recordOf(check), 'utf8').catch(() => '{}'));
}

/** Reads a record; nothing is in one that is none. */
export function parsePassed(text: string): Partial<Record<string, string>> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text) as Record<string, string>));
  } catch {
    return {};
  }
}

/** Keeps what passed a check, in place of what passed it before. */
export async function writePassed(check: string, keys: Keys): Promise<void> {
  await mkdir(cache, { recursive: true });
  await writeFile(recordOf(check), JSON.stringify(Object.fromEntries(keys)));
}

/** Keys of files that are judged one by one, each by its bytes and `surroundings`: arguments, configuration, versions. */
export async function keysOf(paths: readonly string[], surroundings: string): Promise<Keys> {
  const start = createHash('sha256').update(surroundings);
  const keys = paths.map(async (path) => {
    const bytes = await readFile(join(root, path)).catch(() => undefined);
    return bytes === undefined
      ? []
      : ([[path, start.copy().update('\0').update(bytes).digest('hex')]] as const);
  });
  return new Map((await Promise.all(keys)).flat());
}

function recordOf(check: string): string {
  return join(cache, `${check}-passed.json`);
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a directory holds, by path relative to it with `/`; paths are UTF-8 text of the names' bytes. */
export interface DirectoryEntry {
  readonly path: string;
  readonly kind: 'file' | 'other';
}

/**
 * All files below a directory in the order of their names' bytes, and what is neither file nor directory as `other`.
 * A name that is not UTF-8 comes with replacement characters. Files and directories that are not wanted are left out.
 */
export async function* walkFiles(
  root: string,
  below = '',
  wanted: (path: string) => boolean = () => true,
): AsyncGenerator<DirectoryEntry> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  for (const entry of inByteOrder(entries, ({ name }) => name)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!wanted(path)) continue;
    if (entry.isDirectory()) yield* walkFiles(root, path, wanted);
    else yield { path, kind: entry.isFile() ? 'file' : 'other' };
  }
}

/** Values in the order of the bytes of their names in UTF-8, each name encoded once. */
export function inByteOrder<T>(values: readonly T[], nameOf: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, name: Buffer.from(nameOf(value)) }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map(({ value }) => value);
}

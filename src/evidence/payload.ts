import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a directory holds, by path relative to it with `/`; paths are UTF-8 text of the names' bytes. */
export interface DirectoryEntry {
  readonly path: string;
  readonly kind: 'file' | 'other';
  /** What one of the others is, where that is not to be seen in its type. */
  readonly what?: string;
}

/**
 * All files below a directory in the order of their names' bytes, and what is neither file nor directory as `other`.
 * A name that is not UTF-8 comes with replacement characters, and as `other`: nothing can be opened by that text. Files and
 * directories that are not wanted are left out.
 */
export async function* walkFiles(
  root: string,
  below = '',
  wanted: (path: string) => boolean = () => true,
): AsyncGenerator<DirectoryEntry> {
  const directory = join(root, below);
  const entries = await readdir(directory, { withFileTypes: true });
  const unreadable = entries.some(({ name }) => name.includes('\ufffd')) ? await notUtf8(directory) : [];
  for (const entry of inByteOrder(entries, ({ name }) => name)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!wanted(path)) continue;
    const at = unreadable.indexOf(entry.name);
    if (at !== -1) {
      unreadable.splice(at, 1);
      yield { path, kind: 'other', what: 'of a name that is not UTF-8' };
    } else if (entry.isDirectory()) yield* walkFiles(root, path, wanted);
    else yield { path, kind: entry.isFile() ? 'file' : 'other' };
  }
}

/** Texts of the names in a directory that are not UTF-8. */
async function notUtf8(directory: string): Promise<string[]> {
  const names = await readdir(directory, { encoding: 'buffer' });
  return names.filter((name) => !Buffer.from(name.toString()).equals(name)).map(String);
}

/** Values in the order of the bytes of their names in UTF-8, each name encoded once. */
export function inByteOrder<T>(values: readonly T[], nameOf: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, name: Buffer.from(nameOf(value)) }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
    .map(({ value }) => value);
}

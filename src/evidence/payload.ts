import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a directory holds, by path relative to it with `/`; paths are UTF-8 text of the names' bytes. */
export interface DirectoryEntry {
  readonly path: string;
  readonly kind: 'file' | 'other';
}

/**
 * All files below a directory in the order of their names' bytes, and what is neither file nor directory as `other`.
 * A name that is not UTF-8 comes with replacement characters.
 */
export async function* walkFiles(root: string, below = ''): AsyncGenerator<DirectoryEntry> {
  const entries = [];
  for await (const entry of await opendir(join(root, below))) entries.push(entry);
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walkFiles(root, path);
    else yield { path, kind: entry.isFile() ? 'file' : 'other' };
  }
}

import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** One entry of a layer; `path` is relative to the root. */
export type Entry =
  | { readonly type: 'directory'; readonly path: string; readonly mode?: number }
  | { readonly type: 'file'; readonly path: string; readonly mode?: number; readonly content: Buffer }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string }
  /** The path of a lower layer does not exist any more. */
  | { readonly type: 'deleted'; readonly path: string };

/** A tar of the entries in their order, parents added, with fixed owner and time: same entries, same bytes. */
export async function layerTar(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  const made = new Set<string>();
  for (const entry of entries) {
    for (const parent of parents(entry.path)) {
      if (!made.has(parent)) tar.entry({ ...owner, name: `${parent}/`, type: 'directory', mode: 0o755 });
      made.add(parent);
    }
    made.add(entry.path);
    switch (entry.type) {
      case 'directory':
        tar.entry({ ...owner, name: `${entry.path}/`, type: 'directory', mode: entry.mode ?? 0o755 });
        break;
      case 'file':
        tar.entry({ ...owner, name: entry.path, mode: entry.mode ?? 0o644 }, entry.content);
        break;
      case 'symlink':
        tar.entry({ ...owner, name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 });
        break;
      case 'deleted':
        tar.entry({ ...owner, name: entry.path.replace(/([^/]+)$/, '.wh.$1'), mode: 0o644 }, Buffer.alloc(0));
        break;
    }
  }
  tar.finalize();
  return bytes;
}

export const owner = { uid: 0, gid: 0, mtime: new Date(Date.UTC(2026, 0, 1)) };

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

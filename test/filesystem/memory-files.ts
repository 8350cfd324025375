import type { NodeFiles } from '../../src/filesystem/node-files.ts';

/** Files of a node that only exist here; `asked` lists what was asked for. */
export interface MemoryFiles extends NodeFiles {
  readonly asked: string[];
}

/** A node with these files and databases; a text in place of a database is why it could not be had. */
export function memoryFiles(
  files: Readonly<Record<string, string | Buffer>>,
  databases: Readonly<Record<string, Buffer | string>> = {},
): MemoryFiles {
  const asked: string[] = [];
  const pick = <T>(from: Readonly<Record<string, T>>, paths: readonly string[]): Map<string, T> => {
    asked.push(...paths);
    return new Map(Object.entries(from).filter(([path]) => paths.includes(path)));
  };
  return {
    asked,
    files: (paths) =>
      Promise.resolve(
        new Map([...pick(files, paths)].map(([path, content]) => [path, Buffer.from(content)] as const)),
      ),
    places: () => Promise.resolve(new Map()),
    databases: (paths) => Promise.resolve(pick(databases, paths)),
  };
}

import type { Finding, SourceFile } from './finding.ts';
import { type Import, modulesOf } from './imports.ts';

/** Rooms that turn bytes and records into values, and do nothing else. */
const pureRoom = /^src\/(?:artifacts|findings)\//;
const outsideWorld = 'src/output/io.ts';
/** Modules that only reckon; of node:net the address lists. */
const pureModules = new Set([
  ...['node:crypto', 'node:net', 'node:path', 'node:zlib'],
  ...['js-yaml', 're2js', 'xz-decompress', 'yaml'],
]);

/** Imports by which something of a pure room, or whatever it imports in turn, comes to the outside world when it runs. */
export function purityFindings(files: readonly SourceFile[], imports: readonly Import[]): Finding[] {
  const byFile = new Map<string, Import[]>();
  for (const one of imports.filter(({ typeOnly }) => !typeOnly))
    byFile.set(one.from, [...(byFile.get(one.from) ?? []), one]);
  /** The file of a pure room by which each was come to. */
  const cameFrom = new Map(files.filter(({ path }) => pureRoom.test(path)).map(({ path }) => [path, path]));
  for (const [path, start] of cameFrom)
    for (const { to } of byFile.get(path) ?? [])
      if (to !== outsideWorld && !cameFrom.has(to)) cameFrom.set(to, start);
  return files.flatMap((file) => {
    const start = cameFrom.get(file.path);
    if (start === undefined) return [];
    const modules = modulesOf(file).filter(
      ({ name, typeOnly }) => !typeOnly && !name.startsWith('.') && !pureModules.has(name),
    );
    const broken = [
      ...modules.map(({ name, line }) => ({ name, line })),
      ...(byFile.get(file.path) ?? [])
        .filter(({ to }) => to === outsideWorld)
        .map(({ to, line }) => ({ name: to, line })),
    ];
    return broken.map(({ name, line }) => ({
      path: file.path,
      line,
      rule: 'pure',
      text: `${name} is of the outside world, and ${start} must not come to it`,
    }));
  });
}

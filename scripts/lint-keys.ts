import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import ts from 'typescript';
import type { SourceFile } from './rules/finding.ts';

/**
 * Of each file a digest of all that a typed lint of it depends on: its text, those of all files that it imports, directly
 * or not, and `surroundings`: configuration, versions of packages. What declares names for all files counts for each.
 */
export function lintKeys(files: readonly SourceFile[], surroundings: string): Map<string, string> {
  const digests = new Map(files.map(({ path, text }) => [path, digest(text)]));
  const imports = new Map(files.map((file) => [file.path, importedBy(file)]));
  const common = [
    surroundings,
    ...files.filter(({ path }) => path.endsWith('.d.ts')).map(({ text }) => text),
  ];
  const start = digest(common.join('\0'));
  return new Map(
    files.map(({ path }) => {
      const needed = [...reachedFrom(path, imports)].sort();
      return [
        path,
        digest([start, ...needed.map((each) => `${each} ${digests.get(each) ?? ''}`)].join('\n')),
      ];
    }),
  );
}

function importedBy({ path, text }: SourceFile): string[] {
  if (path.endsWith('.json')) return [];
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => posix.join(posix.dirname(path), fileName));
}

function reachedFrom(path: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set([path]);
  for (const each of reached) for (const next of imports.get(each) ?? []) reached.add(next);
  return reached;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { posix } from 'node:path';
import ts from 'typescript';
import { type Finding, lineAt, type SourceFile } from './finding.ts';
import { parsedOf } from './parsed.ts';

/** One import or re-export of a file of the project by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  /** Gone when the program runs: `import type`. */
  readonly typeOnly: boolean;
}

/** Rooms of src and how far up they stand; a room imports itself and lower ones. */
const ranks: Readonly<Record<string, number>> = {
  output: 0,
  cluster: 1,
  artifacts: 2,
  collector: 3,
  evidence: 4,
  containment: 5,
  filesystem: 5,
  findings: 5,
  incident: 5,
  subcommands: 6,
};
const top = 6;

/** What a file imports, as it names it, read by the TypeScript compiler; `import(…)` counts. */
export function modulesOf(
  file: SourceFile,
): { readonly name: string; readonly line: number; readonly typeOnly: boolean }[] {
  const typeLines = typeImports(file);
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName, pos }) => ({
    name: fileName,
    line: lineAt(file.text, pos),
    typeOnly: typeLines.has(fileName),
  }));
}

/** Imports of other files of the project. */
export function importsOf(file: SourceFile): Import[] {
  return modulesOf(file)
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name, line, typeOnly }) => ({
      from: file.path,
      to: posix.join(posix.dirname(file.path), name),
      line,
      typeOnly,
    }));
}

/** Modules that a file only takes types from. */
function typeImports(file: SourceFile): Set<string> {
  const typeOnly = new Map<string, boolean>();
  for (const statement of parsedOf(file).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const module = statement.moduleSpecifier;
    if (module === undefined || !ts.isStringLiteral(module)) continue;
    typeOnly.set(module.text, (typeOnly.get(module.text) ?? true) && isTypeOnly(statement));
  }
  return new Set([...typeOnly].filter(([, only]) => only).map(([name]) => name));
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.every((element) => element.isTypeOnly);
}

/** Arrows between rooms of src go one way: to the same room or a lower one, and never out of src. */
export function arrowFindings(imports: readonly Import[]): Finding[] {
  return imports
    .filter(({ from }) => from.startsWith('src/'))
    .flatMap(({ from, to, line }) => {
      const problem = arrowProblem(from, to);
      return problem === undefined ? [] : [{ path: from, line, rule: 'arrows', text: problem }];
    });
}

function arrowProblem(from: string, to: string): string | undefined {
  if (!to.startsWith('src/')) {
    return to === 'package.json' ? undefined : `src may not import ${to}`;
  }
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === other) return undefined;
  for (const name of [room, other]) {
    if (name !== '' && ranks[name] === undefined) return `src/${name} is no room of the design`;
  }
  const allowed = room === '' || rankOf(other) < rankOf(room);
  return allowed ? undefined : `${room} may not import ${other || to}`;
}

/** The registry is the entry's own list, and no room. */
function roomOf(path: string): string {
  const [, room, rest] = path.split('/');
  return rest === undefined || room === 'registry' ? '' : (room ?? '');
}

function rankOf(room: string): number {
  return ranks[room] ?? top;
}

/** Import cycles, each reported once, at the import that closes it. Types count too: a cycle of types is one of ideas. */
export function cycleFindings(imports: readonly Import[]): Finding[] {
  const byFile = new Map<string, Import[]>();
  for (const edge of imports) byFile.set(edge.from, [...(byFile.get(edge.from) ?? []), edge]);
  const state = new Map<string, 'open' | 'closed'>();
  const findings: Finding[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    state.set(path, 'open');
    for (const { to, line } of byFile.get(path) ?? []) {
      if (state.get(to) === 'open') {
        const cycle = [...trail.slice(trail.indexOf(to)), to];
        findings.push({ path, line, rule: 'cycle', text: cycle.join(' -> ') });
      } else if (!state.has(to)) visit(to, [...trail, to]);
    }
    state.set(path, 'closed');
  };
  for (const path of byFile.keys()) if (!state.has(path)) visit(path, [path]);
  return findings;
}

import ts from 'typescript';
import { type Finding, lineAt, type SourceFile } from './finding.ts';
import { parsedOf } from './parsed.ts';

const longest = 400;

/** The one place for the outside world. */
const outside = 'src/output/io.ts';
/** The one place that skips tests, with a reason. */
const skipping = 'test/support/requires.ts';
/** Files that are the process itself, not the program in it. */
const processFiles = new Set([outside, 'src/output/build.ts', 'src/output/signals.ts']);

interface Ban {
  readonly rule: string;
  /** Where it holds. */
  readonly applies: (path: string) => boolean;
  readonly pattern: RegExp;
  readonly text: string;
}

const inProgram = (path: string): boolean => path.startsWith('src/') && path !== outside;

/** Matched with comments and strings taken out. */
const codeBans: readonly Ban[] = [
  { rule: 'console', applies: () => true, pattern: /\bconsole\s*\./g, text: 'write to the streams of io' },
  {
    rule: 'exit',
    applies: inProgram,
    pattern: /\bprocess\s*\.\s*(?:exit|abort)\b/g,
    text: 'throw, or return an exit code',
  },
  {
    rule: 'clock',
    applies: inProgram,
    pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)/g,
    text: 'use io.now()',
  },
  { rule: 'clock', applies: inProgram, pattern: /\bperformance\s*\.\s*now\b/g, text: 'use io.monotonic()' },
  {
    rule: 'process',
    applies: (path) => inProgram(path) && !processFiles.has(path),
    pattern: /\bprocess\s*\.\s*(?:env|stdin|stdout|stderr|argv|exitCode|on|off|once)\b/g,
    text: 'take it from io',
  },
  {
    rule: 'skip',
    applies: (path) => path.startsWith('test/') && path !== skipping,
    pattern: /\.\s*skip\s*\(|\.\s*pending\s*=(?!=)|\bx(?:it|specify|describe|context)\s*\(/g,
    text: `say with requires() what the cluster lacks (${skipping})`,
  },
  {
    rule: 'any',
    applies: () => true,
    pattern: /(?::|\bas|<)\s*any\b/g,
    text: 'unknown, or the type it has',
  },
];

/** Matched everywhere. */
const textBans: readonly Ban[] = [
  {
    rule: 'lint-off',
    applies: () => true,
    pattern: new RegExp(['eslint', 'disable'].join('-') + '|@ts-(?:ignore|expect-error|nocheck)', 'g'),
    text: 'mend the code instead',
  },
  {
    rule: 'unfinished',
    applies: () => true,
    pattern: new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`, 'g'),
    text: 'finish it or leave it out',
  },
];

/** Rules that a look at one file can judge: length, banned words and calls, default exports, barrels, skipped tests. */
export function textFindings(file: SourceFile): Finding[] {
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  const findings: Finding[] = [];
  if (lines > longest) {
    findings.push({
      path: file.path,
      line: longest + 1,
      rule: 'length',
      text: `${lines} lines, at most ${longest}`,
    });
  }
  if (!file.path.endsWith('.ts')) return findings;
  const code = codeOnly(file);
  return [
    ...findings,
    ...codeBans.flatMap((ban) => banFindings(ban, file.path, code)),
    ...textBans.flatMap((ban) => banFindings(ban, file.path, file.text)),
    ...shapeFindings(file),
  ];
}

function banFindings(ban: Ban, path: string, text: string): Finding[] {
  if (!ban.applies(path)) return [];
  return Array.from(text.matchAll(ban.pattern), ({ 0: match, index }) => ({
    path,
    line: lineAt(text, index),
    rule: ban.rule,
    text: `${match.trim()}: ${ban.text}`,
  }));
}

/** Default exports and files that only hand on what others export. */
function shapeFindings(file: SourceFile): Finding[] {
  const source = parsedOf(file);
  const finding = (node: ts.Node, rule: string, text: string): Finding => ({
    path: file.path,
    line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
    rule,
    text,
  });
  const findings = source.statements
    .filter(isDefaultExport)
    .map((node) => finding(node, 'default', 'name the export'));
  const isReExport = (node: ts.Statement): boolean =>
    ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
  const rest = source.statements.filter((node) => !ts.isImportDeclaration(node));
  const [first] = rest;
  const barrel = rest.every(isReExport) || /(?:^|\/)index\.ts$/.test(file.path);
  if (first !== undefined && barrel)
    findings.push(finding(first, 'barrel', 'import from the file that defines it'));
  return findings;
}

function isDefaultExport(node: ts.Statement): boolean {
  if (ts.isExportAssignment(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** The text with comments and the insides of strings blanked, lines kept; what stands in `${}` of a template stays. */
export function codeOnly(file: SourceFile): string {
  const source = parsedOf(file);
  const pieces: string[] = [];
  let end = 0;
  const visit = (node: ts.Node): void => {
    const opaque =
      ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node) || ts.isTemplateLiteralToken(node);
    if (!opaque) return ts.forEachChild(node, visit);
    const start = node.getStart(source);
    // Outside of literals nothing but a comment begins with a comment's two characters.
    pieces.push(file.text.slice(end, start).replace(comment, blank), blank(file.text.slice(start, node.end)));
    end = node.end;
  };
  visit(source);
  return [...pieces, file.text.slice(end).replace(comment, blank)].join('');
}

const comment = /\/\/.*|\/\*[^]*?\*\//g;

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** True when nothing in the file runs but the making of constants: such a file needs no test of its own. */
export function hasNothingToRun(file: SourceFile): boolean {
  let runs = false;
  const visit = (node: ts.Node): void => {
    runs ||= ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
    if (!runs) ts.forEachChild(node, visit);
  };
  visit(parsedOf(file));
  return !runs;
}

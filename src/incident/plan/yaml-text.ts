import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isDocument,
  LineCounter,
  Parser,
  type ParsedNode,
  visit,
} from 'yaml';
import type { Place, PlanProblem } from './problem.ts';
import { largestText } from './text-limit.ts';

/** The composer recurses: some thousand levels end the process. A plan has 7. */
const deepest = 40;
/** Values that all aliases together may stand for, in multiples of what they point at; as in the documentation of `yaml`. */
const aliasCount = 100;
/** Each is looked up through the whole tree. */
const mostAliases = 1000;
/** More than these do not help. */
const mostSyntaxErrors = 20;

/** A YAML 1.2 text taken apart: its tree, where each node stands, and what is wrong with it as YAML. */
export interface YamlText {
  readonly document?: Document.Parsed;
  readonly problems: readonly PlanProblem[];
  readonly placeOf: (node: { readonly range?: readonly number[] | null } | null | undefined) => Place;
  /** The node itself, or what an alias stands for. */
  readonly resolve: (node: ParsedNode | null | undefined) => ParsedNode | undefined;
}

/**
 * Parses one YAML 1.2 document by the core schema: no dates, no merge keys, no types of anybody's own. Bounded in size,
 * depth and what aliases expand to. Repeated keys are left to the reader, as the library compares each with each.
 */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const placeOf: YamlText['placeOf'] = (node) => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const failed = (message: string, at: Place): YamlText => ({
    problems: [{ ...at, rule: 'yaml', message, severity: 'error' }],
    placeOf,
    resolve: () => undefined,
  });
  const start = { line: 1, column: 1 };
  if (text.length > largestText)
    return failed(
      `the file is larger than ${largestText / 1024} KiB; a plan is text that people read`,
      start,
    );
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (tokens.some((token) => depthOf(token) > deepest))
    return failed(`nested deeper than ${deepest} levels; a plan needs 7`, start);
  const documents = [
    ...new Composer({ schema: 'core', merge: false, uniqueKeys: false, keepSourceTokens: false }).compose(
      tokens,
      true,
      text.length,
    ),
  ];
  const [document, another] = documents;
  if (document === undefined || !isDocument(document)) return failed('the file is empty', start);
  if (another !== undefined)
    return failed('there is a second document in the file; a plan is one', placeOf(another));
  const problems = [...document.errors, ...document.warnings].slice(0, mostSyntaxErrors).map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      line,
      column: col,
      rule: 'yaml',
      message: oneSentence(error.message),
      severity: 'error',
    } as const;
  });
  const parsed = document;
  const aliases = aliasProblem(parsed, placeOf);
  return {
    ...(problems.length + aliases.length === 0 ? { document: parsed } : {}),
    problems: [...problems, ...aliases],
    placeOf,
    resolve: (node) =>
      isAlias(node) ? (node.resolve(parsed) as ParsedNode | undefined) : (node ?? undefined),
  };
}

/** Levels of collections in a token, counted without recursion. */
function depthOf(token: CST.Token): number {
  let deepestSeen = 0;
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { depth } = next;
    deepestSeen = Math.max(deepestSeen, depth);
    if (next.token.type === 'document' && next.token.value) waiting.push({ token: next.token.value, depth });
    for (const { key, value } of 'items' in next.token ? next.token.items : []) {
      if (key) waiting.push({ token: key, depth: depth + 1 });
      if (value) waiting.push({ token: value, depth: depth + 1 });
    }
  }
  return deepestSeen;
}

/** An alias of nothing, of itself, or of so much that it would fill the memory. */
function aliasProblem(document: Document.Parsed, placeOf: YamlText['placeOf']): PlanProblem[] {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_key, alias) => void aliases.push(alias) });
  const [first] = aliases;
  if (first === undefined) return [];
  const problem = (alias: Alias, message: string): PlanProblem[] => [
    { ...placeOf(alias), rule: 'yaml', message, severity: 'error' },
  ];
  if (aliases.length > mostAliases) return problem(first, `the file has more than ${mostAliases} aliases`);
  const lost = aliases.find((alias) => alias.resolve(document) === undefined);
  if (lost !== undefined)
    return problem(lost, `*${lost.source} stands for nothing; there is no &${lost.source} before it`);
  try {
    document.toJS({ maxAliasCount: aliasCount });
    return [];
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return problem(first, 'aliases stand for more than a plan can hold');
  }
}

/** The library's message without its excerpt of the file and the place, which stands before it. */
function oneSentence(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}

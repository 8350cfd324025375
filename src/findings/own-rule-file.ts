import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { findKind, kinds } from '../artifacts/kinds.ts';
import { nearestName } from '../cluster/nearest.ts';
import { type Condition, type Operator, operators, type Scalar, testOf } from './condition.ts';
import { severities } from './finding.ts';
import type { BadRule, OwnRule } from './own-rule.ts';

/** What a file of rules holds. */
export interface OwnRuleFile {
  readonly rules: readonly OwnRule[];
  readonly bad: readonly BadRule[];
}

/** A reason and the node of the file that it is about. */
class Fault extends Error {
  readonly node: Node | undefined;

  constructor(reason: string, node: Node | undefined) {
    super(reason);
    this.node = node;
  }
}

const confidences = ['high', 'medium', 'low'] as const;
const deepest = 20;
const members = [
  ...['apiVersion', 'kind', 'id', 'title', 'severity', 'confidence', 'explanation', 'refutedBy'],
  ...['attack', 'threatMatrix', 'next', 'of', 'where'],
] as const;

/**
 * Reads a file of rules: YAML 1.2, one rule a document. A rule with a mistake is left out and told, with the line of the
 * mistake; a document that is no YAML takes only itself along.
 */
export function parseOwnRules(text: string, file: string): OwnRuleFile {
  const lines = new LineCounter();
  const rules: OwnRule[] = [];
  const bad: BadRule[] = [];
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  for (const document of Array.isArray(documents) ? documents : []) {
    const lineOf = (node: Node | undefined): number =>
      lines.linePos((node ?? document.contents)?.range?.[0] ?? document.range[0]).line;
    const [error] = document.errors;
    if (error !== undefined) {
      const [reason = ''] = error.message.split('\n');
      bad.push({ file, line: lines.linePos(error.pos[0]).line, reason });
      continue;
    }
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
      continue;
    try {
      rules.push(ruleOf(document.contents, file, lineOf(document.contents)));
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      bad.push({ file, line: lineOf(fault.node), reason: fault.message });
    }
  }
  return { rules, bad };
}

function ruleOf(node: Node, file: string, line: number): OwnRule {
  const table = tableOf(node, 'a rule');
  for (const [name, { key }] of table)
    if (!(members as readonly string[]).includes(name))
      throw new Fault(`there is no member "${name}"${nearest(name, members)}`, key);
  const need = (name: (typeof members)[number]): Node => {
    const found = table.get(name);
    if (found === undefined) throw new Fault(`"${name}" is missing`, node);
    return found.value;
  };
  const list = (name: (typeof members)[number], pattern: RegExp, what: string): string[] =>
    textsOf(table.get(name)?.value, name, pattern, what);
  oneOf(need('apiVersion'), ['kubectl-ir/v1']);
  oneOf(need('kind'), ['Rule']);
  const confidence = table.get('confidence')?.value;
  return {
    id: textOf(need('id'), /^[a-z0-9][a-z0-9-]{0,62}$/, 'small letters, digits and dashes'),
    title: textOf(need('title')),
    severity: oneOf(need('severity'), severities),
    confidence: confidence === undefined ? 'medium' : oneOf(confidence, confidences),
    explanation: textOf(need('explanation')),
    refutedBy: textOf(need('refutedBy')),
    attack: list('attack', /^T[0-9]{4}(?:\.[0-9]{3})?$/, 'a technique such as T1496 or T1059.004'),
    threatMatrix: list('threatMatrix', /^MS-TA[0-9]{4}$/, 'a technique such as MS-TA9006'),
    next: list('next', /^[ -~]+$/, 'one line of plain text'),
    of: kindOf(need('of')),
    where: conditionOf(need('where'), 0),
    file,
    line,
  };
}

function kindOf(node: Node): OwnRule['of'] {
  const name = textOf(node);
  const found = findKind(name);
  if (found !== undefined) return found;
  const names = kinds.map((kind) => kind.name);
  throw new Fault(`there is no kind "${name}"${nearest(name, names)}; kinds: ${names.join(', ')}`, node);
}

/** A table of fields, each with its tests, or of `all`, `any` and `not`; all of a table must hold. */
function conditionOf(node: Node, depth: number): Condition {
  if (depth > deepest) throw new Fault(`conditions are nested deeper than ${deepest}`, node);
  const parts: Condition[] = [];
  for (const [name, { key, value }] of tableOf(node, 'a condition')) {
    if (name === 'all' || name === 'any') {
      if (!isSeq(value) || value.items.length === 0)
        throw new Fault(`"${name}" takes a list of conditions`, value);
      const each = value.items.map((one) => conditionOf(one as Node, depth + 1));
      parts.push(name === 'all' ? { all: each } : { any: each });
    } else if (name === 'not') parts.push({ not: conditionOf(value, depth + 1) });
    else {
      if (!/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_ -]+)*$/.test(name))
        throw new Fault(`"${name}" names no field, such as remotePort or status.name`, key);
      parts.push(...testsOf(name.split('.'), value));
    }
  }
  const [first] = parts;
  if (first === undefined) throw new Fault('a condition is empty', node);
  return parts.length === 1 ? first : { all: parts };
}

function testsOf(field: readonly string[], node: Node): Condition[] {
  if (isScalar(node)) return [{ field, test: tested('equals', scalarOf(node), node) }];
  const table = tableOf(node, 'a test');
  if (table.size === 0) throw new Fault(`"${field.join('.')}" has no test`, node);
  return [...table].map(([name, { key, value }]) => {
    const operator = operators.find((one) => one === name);
    if (operator === undefined)
      throw new Fault(
        `there is no test "${name}"${nearest(name, operators)}; tests: ${operators.join(', ')}`,
        key,
      );
    const operand = isSeq(value) ? value.items.map((one) => scalarOf(one as Node)) : scalarOf(value);
    return { field, test: tested(operator, operand, value) };
  });
}

function tested(
  operator: Operator,
  operand: Scalar | readonly Scalar[],
  node: Node,
): (value: Scalar) => boolean {
  try {
    return testOf(operator, operand);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Fault(error.message, node);
  }
}

function tableOf(node: Node, what: string): Map<string, { readonly key: Node; readonly value: Node }> {
  if (!isMap(node)) throw new Fault(`${what} is a table, such as "remotePort: 4444"`, node);
  const table = new Map<string, { key: Node; value: Node }>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) throw new Fault('the name of a member is a text', key as Node);
    if (value === null || isAlias(value))
      throw new Fault(`"${String(key.value)}" has no value of its own`, key);
    table.set(String(key.value), { key, value: value as Node });
  }
  return table;
}

function scalarOf(node: Node): Scalar {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Fault('a text, a number, true or false is wanted here', node);
}

function textOf(node: Node, pattern = /\S/, what = 'a text'): string {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' && pattern.test(value) && value.length <= 4000) return value.trim();
  throw new Fault(`${what} is wanted here`, node);
}

function textsOf(node: Node | undefined, name: string, pattern: RegExp, what: string): string[] {
  if (node === undefined) return [];
  if (!isSeq(node)) throw new Fault(`"${name}" takes a list`, node);
  return node.items.map((one) => textOf(one as Node, pattern, what));
}

function oneOf<T extends string>(node: Node, choices: readonly T[]): T {
  const text = textOf(node);
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new Fault(`"${text}" is none of ${choices.join(', ')}`, node);
}

function nearest(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? '' : `; nearest: ${near}`;
}

import { isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { nearestName } from '../../cluster/nearest.ts';
import { isOf } from './forms.ts';
import type { Place, PlanProblem } from './problem.ts';
import {
  type ListShape,
  type Member,
  mostItems,
  type ObjectShape,
  type Shape,
  type TextShape,
} from './shape.ts';
import type { YamlText } from './yaml-text.ts';
import { togetherProblem } from './together.ts';

/** A value that has its shape. */
export type Taken = string | number | boolean | readonly Taken[] | { readonly [name: string]: Taken };

/** What a tree gave: its value but for what is wrong, the problems, and where each member and item of a value stands. */
export interface TakenTree {
  readonly value: Taken | undefined;
  readonly problems: readonly PlanProblem[];
  readonly places: ReadonlyMap<object, ReadonlyMap<string, Place>>;
  /** Names of members and entries that are there and were left out, such as `people.jane`. */
  readonly left: ReadonlySet<string>;
}

/** Takes from a tree what has the shape; every difference is a problem with its place. */
export function takeTree(yaml: YamlText, node: ParsedNode | null, shape: Shape): TakenTree {
  const problems: PlanProblem[] = [];
  const places = new Map<object, ReadonlyMap<string, Place>>();
  const left = new Set<string>();
  const value = take({ yaml, problems, places, left }, node, shape, '');
  return { value, problems, places, left };
}

interface Taking {
  readonly yaml: YamlText;
  readonly problems: PlanProblem[];
  readonly places: Map<object, ReadonlyMap<string, Place>>;
  readonly left: Set<string>;
}

/** The value of a node, or undefined when it is not of the shape. `name` says where it is, such as `people.jane.reach`. */
function take(taking: Taking, given: ParsedNode | null, shape: Shape, name: string): Taken | undefined {
  const node = taking.yaml.resolve(given);
  const wrong = (rule: string, message: string): Taken | undefined => {
    tell(taking, given, rule, `${prefix(name)}${message}`);
    return undefined;
  };
  if ((isMap(node) || isSeq(node)) && node.items.length > mostItems)
    return wrong('type', `${node.items.length} entries stand here; there may be ${mostItems}`);
  if (shape.kind === 'object' && isMap(node)) return takeObject(taking, node, shape, name);
  if (shape.kind === 'list' && isSeq(node)) return takeList(taking, node, shape, name);
  if (shape.kind === 'object' || shape.kind === 'list' || !isScalar(node) || node.value === null)
    return wrong('type', `${kindOf(node)}; it has to be ${wanted(shape)}`);
  const { value } = node;
  if (shape.kind === 'flag') {
    if (typeof value === 'boolean') return value;
    return wrong('type', `${shown(node)} is neither true nor false`);
  }
  if (shape.kind === 'number') {
    const whole = typeof value === 'number' && Number.isInteger(value);
    if (whole && value >= shape.least && value <= shape.most) return value;
    return wrong('type', `${shown(node)} is not ${wanted(shape)}`);
  }
  if (typeof value !== 'string')
    return wrong('type', `${shown(node)} is ${kindOf(node)}; as text it needs quotes: "${shown(node)}"`);
  const problem = textProblem(shape, value);
  return problem === undefined ? value : wrong('value', problem);
}

function takeObject(taking: Taking, node: YAMLMap, shape: ObjectShape, name: string): Taken | undefined {
  const value: Record<string, Taken> = {};
  const places = new Map<string, Place>();
  const keys = Object.keys(shape.members);
  const meant = new Set<string | undefined>();
  let whole = true;
  for (const pair of node.items) {
    const keyNode = pair.key as ParsedNode | null;
    const key = isScalar(keyNode) ? String(keyNode.value) : '?';
    const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
    if (member === undefined) {
      meant.add(nearestName(key, keys));
      tell(taking, keyNode, 'unknown-key', `${prefix(name)}${unknownKey(key, keys)}`);
      continue;
    }
    const before = places.get(key);
    if (before !== undefined) {
      tell(
        taking,
        keyNode,
        'duplicate-key',
        `${prefix(name)}${key} is there twice, first on line ${before.line}`,
      );
      continue;
    }
    places.set(key, taking.yaml.placeOf(keyNode));
    const taken = take(taking, pair.value as ParsedNode | null, member.shape, join(name, key));
    if (taken !== undefined) value[key] = taken;
    else if (shape.lenient === true && canDoWithout(member)) taking.left.add(join(name, key));
    else whole = false;
  }
  for (const [key, member] of Object.entries(shape.members)) {
    if (member.required && !places.has(key)) {
      if (!meant.has(key)) tell(taking, node, 'missing-key', `${prefix(name)}needs ${key}: ${member.about}`);
      if (shape.lenient !== true || !canDoWithout(member)) whole = false;
    }
    if (member.empty === true && !Object.hasOwn(value, key)) value[key] = [];
  }
  if (whole && name !== '') {
    const problem = togetherProblem(shape, places) ?? shape.rule?.(value);
    if (problem !== undefined) {
      tell(taking, node, 'rule', `${prefix(name)}${problem}`);
      return undefined;
    }
  }
  taking.places.set(value, places);
  return whole ? value : undefined;
}

function canDoWithout({ required, empty, dispensable }: Member): boolean {
  return !required || empty === true || dispensable === true;
}

function takeList(taking: Taking, node: YAMLSeq, shape: ListShape, name: string): Taken | undefined {
  const items: Taken[] = [];
  const places = new Map<string, Place>();
  const ids = new Map<string, number>();
  let whole = true;
  for (const [index, given] of node.items.entries()) {
    const place = taking.yaml.placeOf(given as ParsedNode | null);
    const called = idOf(taking, given as ParsedNode | null) ?? `#${index + 1}`;
    const item = take(taking, given as ParsedNode | null, shape.of, join(name, called));
    const first = ids.get(called);
    if (shape.ids === true && first !== undefined) {
      tell(
        taking,
        given as ParsedNode | null,
        'duplicate-id',
        `${join(name, called)} is there twice, first on line ${first}`,
      );
      continue;
    }
    ids.set(called, place.line);
    if (item === undefined) {
      whole = false;
      taking.left.add(join(name, called));
    } else {
      places.set(String(items.length), place);
      items.push(item);
    }
  }
  if (node.items.length < (shape.least ?? 0)) {
    tell(taking, node, 'type', `${prefix(name)}is an empty list; it needs ${shape.least ?? 0} at least`);
    return undefined;
  }
  taking.places.set(items, places);
  return whole || shape.lenient === true ? items : undefined;
}

function idOf(taking: Taking, given: ParsedNode | null): string | undefined {
  const node = taking.yaml.resolve(given);
  const value: unknown = isMap(node) ? node.get('id') : undefined;
  return typeof value === 'string' && value !== '' ? clip(value) : undefined;
}

function textProblem({ form, choices }: TextShape, value: string): string | undefined {
  if (choices !== undefined && !choices.includes(value))
    return `"${clip(value)}" is not one of ${choices.join(', ')}`;
  if (form === undefined || isOf(form, value)) return undefined;
  if (value.trim() === '') return `is empty; it is ${form.name}`;
  const near = form.known === undefined ? undefined : nearestName(value, form.known());
  return `"${clip(value)}" is not ${form.name}${near === undefined ? '' : `; nearest: ${near}`}`;
}

function unknownKey(key: string, keys: readonly string[]): string {
  if (key === '<<') return 'merge keys (<<) are not read; write the keys out';
  const near = nearestName(key, keys);
  return `unknown key "${clip(key)}"; ${near === undefined ? `known: ${keys.join(', ')}` : `nearest: ${near}`}`;
}

function wanted(shape: Shape): string {
  if (shape.kind === 'number') return `a whole number from ${shape.least} to ${shape.most}`;
  if (shape.kind === 'flag') return 'true or false';
  if (shape.kind === 'text')
    return shape.choices === undefined ? (shape.form?.name ?? 'text') : `one of ${shape.choices.join(', ')}`;
  return shape.kind === 'list' ? 'a list' : 'keys with values';
}

function kindOf(node: unknown): string {
  if (isMap(node)) return 'keys with values stand here';
  if (isSeq(node)) return 'a list stands here';
  if (!isScalar(node) || node.value === null) return 'nothing stands here';
  return typeof node.value === 'string' ? 'text stands here' : `a ${typeof node.value}`;
}

function shown(node: Scalar): string {
  return clip(String(node.source ?? node.value));
}

/** As much of a value as a message bears. */
function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function tell(
  taking: Taking,
  node: ParsedNode | YAMLMap | YAMLSeq | null,
  rule: string,
  message: string,
): void {
  taking.problems.push({ ...taking.yaml.placeOf(node), rule, message, severity: 'error' });
}

function join(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}

function prefix(name: string): string {
  return name === '' ? '' : `${name}: `;
}

import { type JsonObject, membersBut, objectOf } from '../../artifacts/json.ts';
import { isSecretName } from '../../evidence/redaction/secret-name.ts';
import type { FieldDifference } from './change.ts';

/** Differences that are told of one change; a template that somebody filled up has more than anyone reads. */
export const mostDifferences = 100;
const longestValue = 300;
/** JSON of the API nests less; deeper, two values are compared as they are. */
const deepest = 40;

/** Fields that the API server keeps of every object and that nobody sets. */
const bookkeeping: ReadonlySet<string> = new Set([
  'status',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.uid',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
  'metadata.annotations["deployment.kubernetes.io/revision"]',
  'metadata.annotations["deprecated.daemonset.template.generation"]',
  'spec.template.metadata.labels.pod-template-hash',
]);

/** Names of list elements, as server-side apply merges them: the first that all elements have and that differs between them. */
const keysOfLists = ['name', 'mountPath', 'devicePath', 'containerPort', 'port', 'topologyKey', 'key', 'ip'];

/**
 * Fields that decide what runs, with which rights, and who may do what. A part of a path in brackets is a name that anybody chose, and so
 * is all that is below labels and the like.
 */
const decisive =
  /(?:^|\.)(?:securityContext|host(?:PID|IPC|Network|Users|Path|Port)|shareProcessNamespace|image|command|args|serviceAccountName|automountServiceAccountToken|volumes|volumeMounts|volumeDevices|initContainers|ephemeralContainers|runtimeClassName|roleRef|subjects|rules|aggregationRule|webhooks|podSelector|ingress|egress|policyTypes|validations|failurePolicy)(?=$|[.[])/;
const anybodysNames =
  /(?:^|\.)(?:labels|annotations|matchLabels|nodeSelector|data|stringData|limits|requests)(?=$|[.[])/;

function isGrave(path: string): boolean {
  // Only what stands before the first name that is not one of the API's own.
  const [own = ''] = path.split(/\["/);
  return decisive.test(own.replace(/\[[^\]]*\]/g, '')) && !anybodysNames.test(own);
}

export interface Differences {
  readonly fields: readonly FieldDifference[];
  /** How many more there are. */
  readonly moreFields: number;
}

/**
 * What differs between two states of an object, field by field; first what decides what runs with which rights, so that a hundred
 * labels do not hide it. Elements of lists are told by their names where they have
 * some. Values are JSON, cut at 300 characters; what is a secret by the name of its field is not printed.
 */
export function fieldDifferences(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  from = '',
): Differences {
  const grave: FieldDifference[] = [];
  const others: FieldDifference[] = [];
  let count = 0;
  const secrets = before?.['kind'] === 'Secret' || after?.['kind'] === 'Secret';
  const add = (path: string, one: unknown, other: unknown): void => {
    count += 1;
    const found = isGrave(path) ? grave : others;
    if (found.length >= mostDifferences) return;
    const hidden = isHidden(path, secrets);
    found.push({
      path,
      ...(one === undefined ? {} : { before: hidden ? notPrinted : valueText(one) }),
      ...(other === undefined ? {} : { after: hidden ? notPrinted : valueText(other) }),
    });
  };
  const walk = (path: string, one: unknown, other: unknown, depth: number): void => {
    if (bookkeeping.has(path) || isSame(one, other)) return;
    const [left, right] = [partsOf(one), partsOf(other)];
    if (depth === deepest || left === undefined || right === undefined || left.list !== right.list) {
      const [whole, single] = left === undefined ? [right, one] : [left, other];
      // A part that came or went whole is told field by field.
      if (depth < deepest && whole !== undefined && single === undefined && whole.parts.size > 0) {
        for (const [key, value] of whole.parts)
          walk(
            join(path, key, whole.list),
            whole === left ? value : undefined,
            whole === left ? undefined : value,
            depth + 1,
          );
      } else add(path, one, other);
      return;
    }
    for (const key of new Set([...left.parts.keys(), ...right.parts.keys()]))
      walk(join(path, key, left.list), left.parts.get(key), right.parts.get(key), depth + 1);
  };
  walk(from, before, after, 0);
  const fields = [...grave, ...others].slice(0, mostDifferences);
  return { fields, moreFields: count - fields.length };
}

/** What an object that is gone was: its specification tells enough. */
export function lostFields(before: JsonObject): Differences {
  return fieldDifferences(membersBut(before, 'apiVersion', 'kind', 'metadata', 'status'), {});
}

/** What stands in place of a secret. */
export const notPrinted = '(not printed)';

/** A value as it is printed: JSON, cut, and without the values of variables and fields whose names say that they are secret. */
export function valueText(value: unknown): string {
  const text = jsonText(value, hideSecrets) ?? '(nested too deeply)';
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}

/** True when something in an object would not be printed: a variable or field whose name says that it is secret. */
export function holdsSecrets(object: JsonObject): boolean {
  if (object['kind'] === 'Secret') return true;
  return jsonText(object) !== jsonText(object, hideSecrets);
}

function hideSecrets(this: unknown, key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const name = objectOf(this)?.['name'];
  if (key === 'value' && typeof name === 'string' && isSecretName(name)) return notPrinted;
  return isSecretName(key) ? notPrinted : value;
}

function isHidden(path: string, secret: boolean): boolean {
  if (secret && /^(?:string)?[dD]ata\b/.test(path)) return true;
  const [, variable] = /\[([^\]]*)\]\.value$/.exec(path) ?? [];
  const last = /(?:^|\.)([^.[\]]+)$/.exec(path)?.[1] ?? /\["?([^"\]]*)"?\]$/.exec(path)?.[1] ?? '';
  return isSecretName(variable ?? last);
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  const text = one === undefined ? undefined : jsonText(one);
  return text !== undefined && text === jsonText(other);
}

/** JSON of a value; undefined where it nests so deeply that no stack holds it, as hostile objects may. */
export function jsonText(
  value: unknown,
  replacer?: (this: unknown, key: string, value: unknown) => unknown,
): string | undefined {
  try {
    return JSON.stringify(value, replacer);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Parts {
  readonly list: boolean;
  readonly parts: ReadonlyMap<string, unknown>;
}

/** Members of an object, or elements of a list by their names; undefined for what is neither, and for lists of plain values. */
function partsOf(value: unknown): Parts | undefined {
  const object = objectOf(value);
  if (object !== undefined) return { list: false, parts: new Map(Object.entries(object)) };
  if (!Array.isArray(value)) return undefined;
  const list = value as readonly unknown[];
  const objects = list.map(objectOf).filter((one) => one !== undefined);
  if (objects.length !== list.length || objects.length === 0) return undefined;
  const key = keysOfLists.find((name) => {
    const names = objects.map((one) => one[name]);
    return (
      names.every((one) => typeof one === 'string' || typeof one === 'number') &&
      new Set(names).size === names.length
    );
  });
  return {
    list: true,
    parts: new Map(objects.map((one, at) => [String(key === undefined ? at : one[key]), one])),
  };
}

function join(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

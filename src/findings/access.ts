import {
  jsonObject,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../artifacts/json.ts';
import { present } from '../artifacts/present.ts';
import type { BindingSubject } from '../cluster/binding.ts';
import type { Traced } from './finding.ts';

/** A RoleBinding, or a ClusterRoleBinding where it is in no namespace (rbac.authorization.k8s.io/v1). */
export interface Binding {
  readonly name: string;
  readonly namespace?: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly BindingSubject[];
}

/** A PolicyRule of rbac.authorization.k8s.io/v1; rules of plain addresses have no resources. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Empty where every object is meant. */
  readonly names: readonly string[];
}

/** A Role, or a ClusterRole where it is in no namespace. */
export interface Role {
  readonly name: string;
  readonly namespace?: string;
  readonly rules: readonly PolicyRule[];
}

/** What one acquisition has of who may do what. */
export interface Access {
  readonly bindings: readonly Traced<Binding>[];
  readonly roles: readonly Traced<Role>[];
}

/** Bindings or roles of an answer of the API server, a list or one object; undefined when the text is no such answer. */
export function parseAccess(bytes: Buffer): { bindings: Binding[]; roles: Role[] } | undefined {
  const object = jsonObject(bytes);
  if (object === undefined) return undefined;
  const items = Array.isArray(object['items'])
    ? listOf(object['items'])
        .map(objectOf)
        .filter((one) => one !== undefined)
    : [object];
  return {
    bindings: items.map(bindingOf).filter((one) => one !== undefined),
    roles: items.map(roleOf).filter((one) => one !== undefined),
  };
}

function bindingOf(item: JsonObject): Binding | undefined {
  const place = placeOf(item);
  const role = objectOf(item['roleRef']);
  const [kind, name] = [textOf(role?.['kind']), textOf(role?.['name'])];
  if (place === undefined || kind === undefined || name === undefined) return undefined;
  return {
    ...place,
    role: { kind, name },
    subjects: objectsOf(item['subjects']).flatMap((subject) => {
      const [of, called] = [textOf(subject['kind']), textOf(subject['name'])];
      if (of === undefined || called === undefined) return [];
      return [{ kind: of, name: called, ...present({ namespace: textOf(subject['namespace']) }) }];
    }),
  };
}

/** A role that allows nothing may have no rules at all. */
function roleOf(item: JsonObject): Role | undefined {
  const place = placeOf(item);
  if (place === undefined || item['roleRef'] !== undefined) return undefined;
  return {
    ...place,
    rules: objectsOf(item['rules']).map((rule) => ({
      verbs: textsOf(rule['verbs']),
      groups: textsOf(rule['apiGroups']),
      resources: textsOf(rule['resources']),
      names: textsOf(rule['resourceNames']),
    })),
  };
}

function placeOf(item: JsonObject): { name: string; namespace?: string } | undefined {
  const metadata = objectOf(item['metadata']);
  const name = textOf(metadata?.['name']);
  return name === undefined
    ? undefined
    : { name, ...present({ namespace: textOf(metadata?.['namespace']) }) };
}

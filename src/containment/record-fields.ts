import type { AccountRecord } from './acts/account.ts';
import type { ActRecord } from './acts/acts.ts';
import type { BindingCut } from './acts/binding-subjects.ts';
import type { BindingsRecord } from './acts/bindings.ts';
import type { DenyRecord } from './acts/deny.ts';
import { networks } from './acts/deny-objects.ts';
import type { DetachRecord } from './acts/detach.ts';
import { type GuardRecord, longestValue } from './acts/guard.ts';
import { ownerKindOf } from './facts/owner.ts';
import { isLevel } from './level.ts';
import { isUid, stayAnnotations } from './names.ts';
import type { Labels } from '../cluster/selector.ts';
import { isObject } from '../output/is-object.ts';

/** One act of a record that came from the cluster, every field checked; undefined when it is none of ours. */
export function parseAct(value: unknown): ActRecord | undefined {
  if (!isObject(value)) return undefined;
  switch (value['kind']) {
    case 'cut':
      return cutOf(value);
    case 'inside':
      return insideOf(value);
    case 'cordon':
    case 'freeze':
      return { kind: value['kind'] };
    case 'deny':
      return denyOf(value);
    case 'token':
      return { kind: 'token' };
    case 'bindings':
      return bindingsOf(value);
    case 'account':
      return accountOf(value);
    case 'guard':
      return guardOf(value);
    case 'detach':
      return detachOf(value);
    default:
      return undefined;
  }
}

function cutOf({ level }: Readonly<Record<string, unknown>>): ActRecord | undefined {
  if (level === undefined) return { kind: 'cut' };
  return isLevel(level) ? { kind: 'cut', level } : undefined;
}

function insideOf({ nft }: Readonly<Record<string, unknown>>): ActRecord | undefined {
  if (nft === undefined) return { kind: 'inside' };
  return typeof nft === 'boolean' ? { kind: 'inside', nft } : undefined;
}

function denyOf({ networks: listed }: Readonly<Record<string, unknown>>): DenyRecord | undefined {
  if (!Array.isArray(listed)) return undefined;
  const known = networks.filter((network) => listed.includes(network));
  return known.length === listed.length ? { kind: 'deny', networks: known } : undefined;
}

function bindingsOf({ bindings }: Readonly<Record<string, unknown>>): BindingsRecord | undefined {
  if (!Array.isArray(bindings)) return undefined;
  const known = bindings.map(bindingOf);
  return known.every((one) => one !== undefined) ? { kind: 'bindings', bindings: known } : undefined;
}

/** Names of RBAC objects are path segments, not DNS names (apimachinery, path.IsValidPathSegmentName). */
function bindingOf(value: unknown): BindingCut | undefined {
  if (!isObject(value)) return undefined;
  const { namespace, name, uid, own } = value;
  if (!isSegment(name) || !isUid(uid) || !Array.isArray(own)) return undefined;
  if (namespace !== undefined && !isDnsName(namespace)) return undefined;
  const subjects = own.map(subjectOf);
  if (!subjects.every((one) => one !== undefined)) return undefined;
  return { ...(namespace === undefined ? {} : { namespace }), name, uid, own: subjects };
}

function subjectOf(value: unknown): BindingCut['own'][number] | undefined {
  if (!isObject(value) || !isObject(value['subject'])) return undefined;
  const { index, subject } = value;
  const { kind, name, namespace, apiGroup } = subject;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) return undefined;
  if ((kind !== 'ServiceAccount' && kind !== 'User') || !isText(name)) return undefined;
  if (namespace !== undefined && !isDnsName(namespace)) return undefined;
  if (apiGroup !== undefined && apiGroup !== '' && apiGroup !== 'rbac.authorization.k8s.io') return undefined;
  return {
    index,
    subject: {
      ...{ kind, name },
      ...(namespace === undefined ? {} : { namespace }),
      ...(apiGroup === undefined ? {} : { apiGroup }),
    },
  };
}

function accountOf({ name, uid, fields }: Readonly<Record<string, unknown>>): AccountRecord | undefined {
  if (!isDnsName(name) || !isUid(uid) || !isObject(fields)) return undefined;
  const { annotations, imagePullSecrets, secrets, automount } = fields;
  const labels = labelsOf(fields['labels']);
  const names = (value: unknown): value is string[] => Array.isArray(value) && value.every(isDnsName);
  const texts = isObject(annotations) && Object.values(annotations).every((one) => typeof one === 'string');
  if (labels === undefined || !texts || !names(imagePullSecrets) || !names(secrets)) return undefined;
  if (automount !== undefined && typeof automount !== 'boolean') return undefined;
  return {
    ...{ kind: 'account', name, uid },
    fields: {
      ...{ labels, annotations: annotations as Labels, imagePullSecrets, secrets },
      ...(automount === undefined ? {} : { automount }),
    },
  };
}

function isSegment(value: unknown): value is string {
  return isText(value) && value !== '' && value !== '.' && value !== '..' && !/[/%]/.test(value);
}

function guardOf(value: Readonly<Record<string, unknown>>): GuardRecord | undefined {
  const { budget, policy, annotations } = value;
  if (typeof budget !== 'boolean' || typeof policy !== 'boolean' || !isObject(annotations)) return undefined;
  const entries = Object.entries(annotations);
  const valid = entries.every(
    ([key, before]) =>
      Object.hasOwn(stayAnnotations, key) &&
      (before === null || (typeof before === 'string' && before.length <= longestValue)),
  );
  if (!valid) return undefined;
  return { kind: 'guard', budget, policy, annotations: annotations as GuardRecord['annotations'] };
}

function detachOf(value: Readonly<Record<string, unknown>>): DetachRecord | undefined {
  const { deletionCost } = value;
  const labels = labelsOf(value['labels']);
  const owner = value['owner'] === undefined ? undefined : recordedOwner(value['owner']);
  if (labels === undefined || (owner === undefined && value['owner'] !== undefined)) return undefined;
  if (deletionCost !== undefined && !isText(deletionCost)) return undefined;
  return {
    kind: 'detach',
    labels,
    ...(owner === undefined ? {} : { owner }),
    ...(deletionCost === undefined ? {} : { deletionCost }),
  };
}

function recordedOwner(value: unknown): DetachRecord['owner'] {
  if (!isObject(value)) return undefined;
  const { name, uid } = value;
  const kind = ownerKindOf(value['kind']);
  return kind !== undefined && isDnsName(name) && isUid(uid) ? { kind, name, uid } : undefined;
}

/** Label syntax as in the API (apimachinery, IsQualifiedName and IsValidLabelValue). */
function labelsOf(value: unknown): Labels | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const key = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
  const word = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
  const valid = entries.every(
    ([name, text]) => key.test(name) && typeof text === 'string' && word.test(text),
  );
  return valid ? (Object.fromEntries(entries) as Labels) : undefined;
}

/** A text of a length that fits a name or a time. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 253;
}

/** DNS subdomain (RFC 1123), as names of pods, nodes and namespaces are. */
export function isDnsName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value);
}

import type { ConfigMap } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { checkedUid, isUid, objectName, podUidLabel } from './names.ts';
import type { ActionKind, IsolationPlan, Level } from './plan.ts';
import type { Labels } from './selector.ts';
import { isReplicaSetOwner } from './subject.ts';

/** What isolate wrote down before its first act: everything that is needed to undo it, and nothing else. */
export interface IsolationRecord {
  readonly version: 1;
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly node: string;
  };
  readonly created: string;
  readonly level: Level;
  readonly case?: string;
  /** Labels that detach takes off the pod; empty when it is not detached. */
  readonly labels: Labels;
  /** Value of the deletion-cost annotation before; absent when there was none. */
  readonly deletionCost?: string;
  /** ReplicaSet that the pod goes back to. */
  readonly replicaSet?: { readonly name: string; readonly uid: string };
  readonly actions: readonly ActionKind[];
}

/** A record as found in the cluster, with the acts that were ticked off. */
export interface FoundRecord {
  readonly record: IsolationRecord;
  readonly ticks: ReadonlyMap<ActionKind, string>;
}

const kinds: readonly ActionKind[] = ['cut', 'deny', 'detach', 'verify'];
/** Key of the record in the ConfigMap; ticks lie beside it under `done.KIND`. */
const recordKey = 'record.json';
/** Far above any real record; what is larger is not ours. */
const recordLimit = 64 * 1024;

/** The record of a plan. */
export function recordOf(
  plan: IsolationPlan,
  facts: { readonly created: Date; readonly case?: string },
): IsolationRecord {
  const { subject } = plan;
  const detach = plan.actions.find((action) => action.kind === 'detach');
  const owner = isReplicaSetOwner(subject.owner) ? subject.owner : undefined;
  return {
    version: 1,
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    created: facts.created.toISOString(),
    level: plan.level,
    ...(facts.case === undefined ? {} : { case: facts.case }),
    labels: detach?.labels ?? {},
    ...(subject.deletionCost === undefined ? {} : { deletionCost: subject.deletionCost }),
    ...(owner === undefined ? {} : { replicaSet: { name: owner.name, uid: owner.uid } }),
    actions: plan.actions.map((action) => action.kind),
  };
}

/** The ConfigMap that carries a record. */
export function recordObject(record: IsolationRecord, namespace: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: objectName(record.pod.uid),
      namespace,
      labels: { [podUidLabel]: checkedUid(record.pod.uid) },
      ...(record.case === undefined ? {} : { annotations: { 'kubectl-ir/case': record.case } }),
    },
    data: { [recordKey]: JSON.stringify(record) },
  };
}

/** Merge patch that ticks an act off, such as `done 2026-11-22T04:15:00.000Z`. */
export function tickPatch(kind: ActionKind, text: string): unknown {
  return { data: { [`done.${kind}`]: text } };
}

/**
 * Reads back a record. Whoever can write ConfigMaps can have changed it, so every field is checked for its type and form.
 * Throws OperationError for one that is damaged or made for another pod.
 */
export function parseRecord(map: ConfigMap): FoundRecord {
  const name = map.metadata?.name ?? '';
  const text = map.data?.[recordKey];
  const damaged = (why: string): OperationError =>
    new OperationError(`the record configmap/${name} cannot be used: ${why}`, {
      advice: 'compare it with the custody lines of the case; undo by hand what they say was done',
    });
  if (text === undefined || text.length > recordLimit) throw damaged('it holds no record');
  const value = parseJson(text);
  if (!isObject(value)) throw damaged('it is not JSON');
  if (value['version'] !== 1) throw damaged('it was made by another version of this program');
  const pod = value['pod'];
  if (!isObject(pod) || !isUid(pod['uid']) || name !== objectName(pod['uid'])) {
    throw damaged('it does not belong to the pod it is named after');
  }
  const { namespace, name: podName, node } = pod;
  if (!isDnsName(namespace) || !isDnsName(podName) || !isDnsName(node)) throw damaged('a name in it is none');
  const labels = labelsOf(value['labels']);
  if (labels === undefined) throw damaged('its labels are none');
  const { created, level, deletionCost, actions } = value;
  if (level !== 'full' && level !== 'deny') throw damaged('its level is not known');
  if (!isText(created)) throw damaged('it has no time');
  if (deletionCost !== undefined && !isText(deletionCost)) throw damaged('its deletion cost is none');
  const replicaSet = replicaSetOf(value['replicaSet']);
  if (replicaSet === null) throw damaged('its owner is none');
  const known = Array.isArray(actions) ? kinds.filter((kind) => actions.includes(kind)) : [];
  return {
    record: {
      version: 1,
      pod: { namespace, name: podName, uid: pod['uid'], node },
      created,
      level,
      ...(isText(value['case']) ? { case: value['case'] } : {}),
      labels,
      ...(deletionCost === undefined ? {} : { deletionCost }),
      ...(replicaSet === undefined ? {} : { replicaSet }),
      actions: known,
    },
    ticks: new Map(
      kinds.flatMap((kind) => {
        const tick = map.data?.[`done.${kind}`];
        return tick === undefined ? [] : [[kind, tick.slice(0, 200)] as const];
      }),
    ),
  };
}

function replicaSetOf(value: unknown): IsolationRecord['replicaSet'] | null {
  if (value === undefined) return undefined;
  if (!isObject(value)) return null;
  const { name, uid } = value;
  return isDnsName(name) && isUid(uid) ? { name, uid } : null;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 253;
}

/** DNS subdomain (RFC 1123), as names of pods, nodes and namespaces are. */
function isDnsName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value);
}

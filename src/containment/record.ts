import type { ConfigMap } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { isObject } from '../output/is-object.ts';
import type { RecordedPod } from './acts/act.ts';
import { type Action, type ActionKind, type ActRecord, recordAct, undoOrder } from './acts/acts.ts';
import { checkedUid, isUid, objectName, podUidLabel } from './names.ts';
import { type Verdict, verdicts } from './judge.ts';
import type { Subject } from './subject.ts';
import { isDnsName, isText, parseAct } from './record-fields.ts';

/** What isolate wrote down before its first act: everything that is needed to undo it, and nothing else. */
export interface IsolationRecord {
  readonly version: 1;
  readonly pod: RecordedPod;
  readonly created: string;
  readonly case?: string;
  /** In the order of acting. */
  readonly acts: readonly ActRecord[];
}

/** A record as found in the cluster, with the acts that were ticked off. */
export interface FoundRecord {
  readonly record: IsolationRecord;
  readonly ticks: ReadonlyMap<ActionKind, string>;
  /** The last verdict that was reached on it. */
  readonly verdict?: RecordedVerdict;
  /** What the server counts its changes by; absent for the copy of a case. */
  readonly resourceVersion?: string;
}

/** A verdict, and when it was reached, RFC 3339. */
export interface RecordedVerdict {
  readonly verdict: Verdict;
  readonly at: string;
  /** Ids of the containers that ran in the pod when it was isolated. */
  readonly containers?: readonly string[];
  /** Since when its sandbox was up then, where the kubelet said it. */
  readonly sandboxSince?: string;
}

/** Key of the record in the ConfigMap; ticks lie beside it under `done.KIND`, the last verdict under `verdict`, `containers` and `sandbox`. */
export const recordKey = 'record.json';
/** Key of a random word for the run of the command that last began or went on with the isolation. */
export const runKey = 'run';
/** Far above any real record; what is larger is not ours. */
const recordLimit = 64 * 1024;

/** The record of a plan. */
export function recordOf(
  plan: { readonly subject: Subject; readonly actions: readonly Action[] },
  facts: { readonly created: Date; readonly case?: string },
): IsolationRecord {
  const { subject } = plan;
  return {
    version: 1,
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    created: facts.created.toISOString(),
    ...(facts.case === undefined ? {} : { case: facts.case }),
    acts: plan.actions.map((action) => recordAct(action, subject)),
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

/** Key of the line by which an act is ticked off, such as `done 2026-11-22T04:15:00.000Z`. */
export function tickKey(kind: ActionKind): string {
  return `done.${kind}`;
}

/** What ticks an act off beside the record. */
export function tickData(kind: ActionKind, text: string): Readonly<Record<string, string>> {
  return { [tickKey(kind)]: text };
}

/** What keeps the verdict beside the record, such as `HOLDS 2026-11-22T04:15:00.000Z`. */
export function verdictData({
  verdict,
  at,
  containers = [],
  sandboxSince = '',
}: RecordedVerdict): Readonly<Record<string, string>> {
  return { verdict: `${verdict} ${at}`, containers: containers.join(' '), sandbox: sandboxSince };
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
  const { created, acts } = value;
  if (!isText(created)) throw damaged('it has no time');
  const known = Array.isArray(acts) ? acts.map(parseAct) : [undefined];
  if (!known.every((act) => act !== undefined)) throw damaged('an act in it is none');
  const verdict = parseVerdict(map.data ?? {});
  const { resourceVersion } = map.metadata ?? {};
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    record: {
      version: 1,
      pod: { namespace, name: podName, uid: pod['uid'], node },
      created,
      ...(isText(value['case']) ? { case: value['case'] } : {}),
      acts: known,
    },
    ticks: new Map(
      undoOrder.flatMap((kind) => {
        const tick = map.data?.[tickKey(kind)];
        return tick === undefined ? [] : [[kind, tick.slice(0, 200)] as const];
      }),
    ),
  };
}

function parseVerdict(data: NonNullable<ConfigMap['data']>): RecordedVerdict | undefined {
  const [, word, at = ''] = /^([A-Z]+) (\d{4}-\d\d-\d\dT[\d:.]{8,15}Z)$/.exec(data['verdict'] ?? '') ?? [];
  const verdict = verdicts.find((one) => one === word);
  if (verdict === undefined || Number.isNaN(Date.parse(at))) return undefined;
  const containers = (data['containers'] ?? '').split(' ').filter((id) => /^[0-9a-f]{64}$/.test(id));
  const { sandbox = '' } = data;
  return {
    verdict,
    at,
    ...(containers.length === 0 ? {} : { containers }),
    ...(sandbox === '' ? {} : { sandboxSince: sandbox }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

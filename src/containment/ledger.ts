import type { Api } from '../cluster/api.ts';
import { createObject, deleteObject, getObjectOrUndefined, patchObject } from '../cluster/apply.ts';
import { listAll } from '../cluster/list.ts';
import type { ConfigMap } from '../cluster/objects.ts';
import { type ObjectRef, resourcePath } from '../cluster/path.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { undoCommand } from './isolation.ts';
import { objectName, podUidLabel } from './names.ts';
import type { ActionKind } from './acts/acts.ts';
import { parseRecord, recordObject, tickKey, tickPatch, verdictPatch } from './record.ts';
import type { FoundRecord, IsolationRecord, RecordedVerdict } from './record.ts';
import type { PodIdentity } from './relabel.ts';
import { openActs } from './unfinished.ts';

/** Where the record of one pod lies. */
export function recordRef(namespace: string, uid: string): ObjectRef {
  return { apiVersion: 'v1', resource: 'configmaps', namespace, name: objectName(uid) };
}

/** Writes the record before the first act. Throws OperationError when the pod is isolated already. */
export async function writeRecord(
  api: Api,
  record: IsolationRecord,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await createObject(api, recordObject(record, namespace) as Parameters<typeof createObject>[1], {
      signal,
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    throw alreadyIsolated(record.pod);
  }
}

/**
 * Writes the record of an isolation that is gone on with over what the first run left. `ticks` replace what was ticked off,
 * null removes it; the others stay.
 */
export async function continueRecord(
  api: Api,
  record: IsolationRecord,
  ticks: ReadonlyMap<ActionKind, string | null>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const again = Object.fromEntries([...ticks].map(([kind, text]) => [tickKey(kind), text]));
  const data = { ...recordObject(record, namespace).data, ...again };
  await patchObject(api, recordRef(namespace, record.pod.uid), { data }, { type: 'merge', signal });
}

/**
 * The record of an isolation of the pod that was not finished; undefined when there is none. Throws OperationError when it was
 * finished, or when its record is damaged.
 */
export async function unfinishedRecord(
  api: Api,
  pod: PodIdentity,
  namespace: string,
  signal: AbortSignal,
): Promise<FoundRecord | undefined> {
  const found = await readRecord(api, namespace, pod.uid, signal);
  if (found !== undefined && openActs(found).length === 0) throw alreadyIsolated(pod);
  return found;
}

function alreadyIsolated(pod: { readonly namespace: string; readonly name: string }): OperationError {
  return new OperationError(`pod "${pod.name}" is isolated already`, {
    advice: `undo it first: ${undoCommand(pod)}`,
  });
}

/** Ticks one act off in the record. */
export async function tick(
  api: Api,
  where: { readonly namespace: string; readonly uid: string },
  kind: ActionKind,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  await patchObject(api, recordRef(where.namespace, where.uid), tickPatch(kind, text), {
    type: 'merge',
    signal,
  });
}

/** Keeps the last verdict beside the record. */
export async function keepVerdict(
  api: Api,
  where: { readonly namespace: string; readonly uid: string },
  verdict: RecordedVerdict,
  signal: AbortSignal,
): Promise<void> {
  const ref = recordRef(where.namespace, where.uid);
  await patchObject(api, ref, verdictPatch(verdict), { type: 'merge', signal });
}

/** Removes the record: the last thing of a release. */
export async function removeRecord(
  api: Api,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<void> {
  await deleteObject(api, recordRef(namespace, uid), { signal });
}

/** The record of a pod by its uid; undefined when there is none. Throws OperationError when it is damaged. */
export async function readRecord(
  api: Api,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<FoundRecord | undefined> {
  const map = await getObjectOrUndefined<ConfigMap>(api, recordRef(namespace, uid), signal);
  return map === undefined ? undefined : parseRecord(map);
}

/** Every record in the namespace; damaged ones come as the error that reading them gave. */
export async function listRecords(
  api: Api,
  namespace: string,
  signal: AbortSignal,
): Promise<(FoundRecord | OperationError)[]> {
  const found: (FoundRecord | OperationError)[] = [];
  const path = resourcePath({ version: 'v1', namespace, resource: 'configmaps' });
  for await (const map of listAll<ConfigMap>(api, { path, query: { labelSelector: podUidLabel }, signal })) {
    if (!(map.metadata?.name ?? '').startsWith('ir-')) continue;
    try {
      found.push(parseRecord(map));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      found.push(error);
    }
  }
  return found;
}

import type { Api } from '../cluster/api.ts';
import {
  createObject,
  deleteObject,
  getObjectOrUndefined,
  isNotFound,
  patchObject,
} from '../cluster/apply.ts';
import { listAll } from '../cluster/list.ts';
import type { ConfigMap } from '../cluster/objects.ts';
import { type ObjectRef, resourcePath } from '../cluster/path.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { undoCommand } from './isolation.ts';
import { objectName, podUidLabel } from './names.ts';
import type { ActionKind } from './acts/acts.ts';
import { parseRecord, recordObject, runKey, tickData, tickKey, verdictData } from './record.ts';
import type { FoundRecord, IsolationRecord, RecordedVerdict } from './record.ts';
import type { PodIdentity } from './relabel.ts';
import { SupersededError } from './superseded.ts';
import { openActs } from './unfinished.ts';

/** The record of one pod, in the hand of one run of a command. */
export interface OwnRecord {
  /** The collector's. */
  readonly namespace: string;
  readonly uid: string;
  /** As the record names the run. */
  readonly run: string;
}

/** Where the record of one pod lies. */
function recordRef(namespace: string, uid: string): ObjectRef {
  return { apiVersion: 'v1', resource: 'configmaps', namespace, name: objectName(uid) };
}

/** Writes the record before the first act. Throws OperationError when there is one by now. */
export async function writeRecord(
  api: Api,
  record: IsolationRecord,
  { namespace, run }: OwnRecord,
  signal: AbortSignal,
  where?: string,
): Promise<void> {
  const made = recordObject(record, namespace);
  const object = { ...made, data: { ...made.data, [runKey]: run } };
  try {
    await createObject(api, object as Parameters<typeof createObject>[1], { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    throw underWay(record.pod, where, error);
  }
}

/**
 * Takes over the record of an isolation that is gone on with: it is written over what the first run left. `ticks` replace what was
 * ticked off, null removes it; the others stay. Throws OperationError when it changed since it was found: the first run still acts.
 */
export async function continueRecord(
  api: Api,
  record: IsolationRecord,
  found: Pick<FoundRecord, 'resourceVersion'> & { readonly ticks: ReadonlyMap<ActionKind, string | null> },
  { namespace, uid, run }: OwnRecord,
  signal: AbortSignal,
  where?: string,
): Promise<void> {
  const { ticks, resourceVersion } = found;
  const again = Object.fromEntries([...ticks].map(([kind, text]) => [tickKey(kind), text]));
  const data = { ...recordObject(record, namespace).data, ...again, [runKey]: run };
  const metadata = resourceVersion === undefined ? {} : { resourceVersion };
  try {
    await patchObject(api, recordRef(namespace, uid), { metadata, data }, { type: 'merge', signal });
  } catch (error) {
    const changed = error instanceof ApiError && (error.reason === 'Conflict' || isNotFound(error));
    throw changed ? underWay(record.pod, where, error) : error;
  }
}

/**
 * The record of an isolation of the pod that was not finished; undefined when there is none. Throws OperationError when it was
 * finished, with `where` in the commands that are advised, or when its record is damaged.
 */
export async function unfinishedRecord(
  api: Api,
  pod: PodIdentity,
  namespace: string,
  signal: AbortSignal,
  where = '',
): Promise<FoundRecord | undefined> {
  const found = await readRecord(api, namespace, pod.uid, signal);
  if (found !== undefined && openActs(found).length === 0) throw alreadyIsolated(pod, where);
  return found;
}

function alreadyIsolated(
  pod: { readonly namespace: string; readonly name: string },
  where: string,
): OperationError {
  return new OperationError(`pod "${pod.name}" is isolated already`, {
    advice:
      'whether it holds: kubectl ir status; to collect from it as it is: ' +
      `kubectl ir snapshot pod ${pod.name} -n ${pod.namespace}${where}\n` +
      `only to isolate it anew, which opens it until then: ${undoCommand(pod, where)}`,
  });
}

function underWay(pod: IsolationRecord['pod'], where: string | undefined, cause: unknown): OperationError {
  return new OperationError(`another command isolates pod "${pod.name}" too, or has just done so`, {
    advice: `look at it: kubectl ir status; run this again when that one is over, or undo it: ${undoCommand(pod, where)}`,
    cause,
  });
}

/** Ticks one act off in the record. Throws SupersededError when the record is not this run's any more. */
export function tick(
  api: Api,
  where: OwnRecord,
  kind: ActionKind,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  return writeBeside(api, where, tickData(kind, text), signal);
}

/** Keeps the last verdict beside the record. Throws SupersededError when the record is not this run's any more. */
export function keepVerdict(
  api: Api,
  where: OwnRecord,
  verdict: RecordedVerdict,
  signal: AbortSignal,
): Promise<void> {
  return writeBeside(api, where, verdictData(verdict), signal);
}

async function writeBeside(
  api: Api,
  where: OwnRecord,
  data: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const own = { op: 'test', path: `/data/${runKey}`, value: where.run };
  const added = Object.entries(data).map(([key, value]) => ({ op: 'add', path: `/data/${key}`, value }));
  try {
    await patchObject(api, recordRef(where.namespace, where.uid), [own, ...added], { type: 'json', signal });
  } catch (error) {
    // Which test of a patch failed is told in words alone.
    const told = error instanceof ApiError && (error.status === 422 || isNotFound(error));
    if (told) await requireOwn(api, where, signal);
    throw error;
  }
}

/** True when the record is another run's by now. */
export async function isAnothers(api: Api, where: OwnRecord, signal: AbortSignal): Promise<boolean> {
  return (await holderOf(api, where, signal)) === 'another';
}

async function requireOwn(api: Api, where: OwnRecord, signal: AbortSignal): Promise<void> {
  const holder = await holderOf(api, where, signal);
  if (holder === 'own') return;
  throw holder === 'another'
    ? new SupersededError('another command goes on with it since', {
        advice: 'look at what stands: kubectl ir status',
      })
    : new SupersededError('its record is gone: somebody released the pod meanwhile', {
        advice:
          'look at what stands: kubectl ir status; release the case of this command when any of it does',
      });
}

async function holderOf(
  api: Api,
  { namespace, uid, run }: OwnRecord,
  signal: AbortSignal,
): Promise<'own' | 'another' | 'nobody'> {
  const map = await getObjectOrUndefined<ConfigMap>(api, recordRef(namespace, uid), signal);
  if (map === undefined) return 'nobody';
  return map.data?.[runKey] === run ? 'own' : 'another';
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

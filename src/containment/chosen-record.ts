import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import { listRecords, readRecord } from './ledger.ts';
import { isUid, objectName, podUidLabel } from './names.ts';
import { type FoundRecord, parseRecord, recordKey } from './record.ts';
import { podRef } from './relabel.ts';

export interface ChoiceOptions {
  readonly namespace: string;
  readonly collectorNamespace: string;
  /** The record as a case keeps it, for a pod that is still isolated when the one in the cluster is damaged or gone. */
  readonly spare?: unknown;
  readonly signal: AbortSignal;
}

/**
 * The record that a word on the command line means: a pod's uid, or the name of a pod, there or gone.
 * Throws OperationError when there is none, when it is damaged, or when a name fits several pods that are gone.
 */
export async function chooseRecord(api: Api, word: string, options: ChoiceOptions): Promise<FoundRecord> {
  const { namespace, collectorNamespace, signal } = options;
  const given: unknown = word;
  if (isUid(given)) return recordOfUid(api, given, options);
  const live = await getObjectOrUndefined<Pod>(api, podRef({ namespace, name: word }), signal);
  const uid: unknown = live?.metadata?.uid;
  const current = isUid(uid) ? await readRecord(api, collectorNamespace, uid, signal) : undefined;
  if (current !== undefined) return current;
  const records = (await listRecords(api, collectorNamespace, signal)).filter(
    (one): one is FoundRecord => !(one instanceof OperationError),
  );
  const named = records.filter(({ record: { pod } }) => pod.name === word && pod.namespace === namespace);
  const [only, ...more] = named;
  if (only === undefined) {
    throw new OperationError(
      `pod "${word}" in namespace "${namespace}" is not isolated: there is no record of it`,
      {
        advice: 'list what is isolated with: kubectl ir status',
      },
    );
  }
  if (more.length > 0) {
    throw new OperationError(
      `several pods named "${word}" were isolated; give a uid: ${named.map((one) => one.record.pod.uid).join(', ')}`,
    );
  }
  return only;
}

async function recordOfUid(api: Api, uid: string, options: ChoiceOptions): Promise<FoundRecord> {
  const { collectorNamespace, spare, signal } = options;
  const kept = spare === undefined ? undefined : keptRecord(uid, spare);
  try {
    const found = await readRecord(api, collectorNamespace, uid, signal);
    if (found !== undefined) return found;
  } catch (error) {
    if (kept === undefined || error instanceof ApiError || !(error instanceof OperationError)) throw error;
    return kept;
  }
  if (kept !== undefined && (await isMarked(api, kept, signal))) return kept;
  throw new OperationError(`there is no record of a pod with uid ${uid} in namespace ${collectorNamespace}`, {
    advice: 'list what is isolated with: kubectl ir status',
  });
}

/** The case's copy is read as carefully as the one in the cluster; its ticks are not known. */
function keptRecord(uid: string, spare: unknown): FoundRecord | undefined {
  try {
    return parseRecord({ metadata: { name: objectName(uid) }, data: { [recordKey]: JSON.stringify(spare) } });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return undefined;
  }
}

/** True when the pod still carries our label. */
async function isMarked(api: Api, { record }: FoundRecord, signal: AbortSignal): Promise<boolean> {
  const live = await getObjectOrUndefined<Pod>(api, podRef(record.pod), signal);
  return live?.metadata?.labels?.[podUidLabel] === record.pod.uid;
}

import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { listRecords, readRecord } from './ledger.ts';
import { isUid } from './names.ts';
import type { FoundRecord } from './record.ts';
import { podRef } from './relabel.ts';

/**
 * The record that a word on the command line means: a pod's uid, or the name of a pod, there or gone.
 * Throws OperationError when there is none, when it is damaged, or when a name fits several pods that are gone.
 */
export async function chooseRecord(
  api: Api,
  word: string,
  options: { readonly namespace: string; readonly collectorNamespace: string; readonly signal: AbortSignal },
): Promise<FoundRecord> {
  const { namespace, collectorNamespace, signal } = options;
  const given = isUid(word) ? word : undefined;
  if (given !== undefined) {
    const found = await readRecord(api, collectorNamespace, given, signal);
    if (found !== undefined) return found;
    throw new OperationError(
      `there is no record of a pod with uid ${word} in namespace ${collectorNamespace}`,
      {
        advice: 'list what is isolated with: kubectl ir status',
      },
    );
  }
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

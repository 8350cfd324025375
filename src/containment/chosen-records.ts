import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { bounded } from '../output/bounded.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import type { CaseIsolation } from './case-isolation.ts';
import { type ChoiceOptions, chooseRecord } from './chosen-record.ts';
import { listRecords } from './ledger.ts';
import type { FoundRecord } from './record.ts';
import { podRef } from './relabel.ts';
import { type LabelSelector, selects } from '../cluster/selector.ts';

/** Records of several pods, and why others that were meant have none that can be used. */
export interface ChosenRecords {
  readonly found: readonly FoundRecord[];
  readonly unusable: readonly string[];
}

const readsAtOnce = 8;

/** The records that a case tells of and that are still there; a pod that was released since has none. */
export async function recordsOfCase(
  api: Api,
  known: readonly CaseIsolation[],
  options: Omit<ChoiceOptions, 'spare'>,
): Promise<ChosenRecords> {
  const read = await bounded(known, readsAtOnce, async ({ uid, record }) => {
    try {
      return await chooseRecord(api, uid, { ...options, spare: record });
    } catch (error) {
      if (!(error instanceof OperationError) || error instanceof ApiError) throw error;
      return error.message;
    }
  });
  return split(read);
}

/** The records of the pods that were isolated on a node. */
export async function recordsOfNode(
  api: Api,
  node: string,
  { collectorNamespace, signal }: ChoiceOptions,
): Promise<ChosenRecords> {
  const { found, unusable } = await allRecords(api, collectorNamespace, signal);
  return { found: found.filter(({ record }) => record.pod.node === node), unusable };
}

/**
 * The records of the isolated pods of a namespace with labels. Labels that an isolation set aside count as there, because by them
 * the user knows the pod; of a pod that is gone they are the only ones.
 */
export async function recordsOfSelector(
  api: Api,
  selector: LabelSelector,
  { namespace, collectorNamespace, signal }: ChoiceOptions,
): Promise<ChosenRecords> {
  const { found, unusable } = await allRecords(api, collectorNamespace, signal);
  const here = found.filter(({ record }) => record.pod.namespace === namespace);
  const chosen = await bounded(here, readsAtOnce, async ({ record: { pod, acts } }) => {
    const live = await getObjectOrUndefined<Pod>(api, podRef(pod), signal);
    const aside = acts.find((act) => act.kind === 'detach')?.labels ?? {};
    const labels = live?.metadata?.uid === pod.uid ? live.metadata.labels : {};
    return selects(selector, { ...aside, ...labels });
  });
  return { found: here.filter((_, index) => chosen[index] === true), unusable };
}

async function allRecords(api: Api, collectorNamespace: string, signal: AbortSignal): Promise<ChosenRecords> {
  const all = await listRecords(api, collectorNamespace, signal);
  return split(all.map((one) => (one instanceof OperationError ? one.message : one)));
}

function split(read: readonly (FoundRecord | string)[]): ChosenRecords {
  return {
    found: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    unusable: read.filter((one) => typeof one === 'string'),
  };
}

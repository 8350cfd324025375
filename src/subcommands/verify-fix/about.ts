import { listOf, objectOf, objectsOf, textOf, labelsOf, type JsonObject } from '../../artifacts/json.ts';
import { PodDiffPieces } from '../../artifacts/pod-diff.ts';
import { isolationHistories, type IsolationHistory } from '../../containment/isolation-history.ts';
import { isUid } from '../../containment/names.ts';
import { isDnsName } from '../../containment/record-fields.ts';
import type { CustodyLine } from '../../evidence/custody-line.ts';
import { readCustody } from '../../evidence/custody-log.ts';
import { openAcquisitions } from '../../evidence/exhibits.ts';
import { keptObjects, metadataOf } from '../../evidence/kept-objects.ts';
import { nodePhases, type Phase, triagePhases } from '../../evidence/phases.ts';
import type { AcquisitionReader } from '../../evidence/reader.ts';
import type { ControllerRef, OwnedPod } from '../../incident/workload.ts';

/** A pod that a case is about: it was isolated, or compared with its image. */
export interface CasePod {
  readonly uid: string;
  readonly node: string;
  readonly pod: OwnedPod;
  readonly history?: IsolationHistory;
}

/** What a case is about, as it stands on disk. */
export interface CaseAbout {
  readonly pods: readonly CasePod[];
  /** Every pod whose object the case keeps, the newest last. */
  readonly kept: readonly OwnedPod[];
  /** Parts of a node's evidence that answer what the case asks: those of a triage, and what was taken before. */
  readonly phases: readonly Phase[];
  /** Names of its acquisitions; of those, what an earlier second look took. */
  readonly acquisitions: ReadonlySet<string>;
  readonly again: ReadonlySet<string>;
}

/** The kept diff of a pod, in its acquisition. */
export const diffItem = 'live_response/pod-diff.json';

/** Reads what a case is about. Throws OperationError when there is none, or custody can't be read. */
export async function caseAbout(dir: string): Promise<CaseAbout> {
  const lines: CustodyLine[] = [];
  const acquisitions = await openAcquisitions(dir);
  await readCustody(dir, (line) => {
    if (line.action === 'isolate' || line.action === 'release') lines.push(line);
  });
  const kept = new Map<string, OwnedPod>();
  const compared = new Map<string, { readonly node: string; readonly pod: OwnedPod }>();
  const taken = new Set<unknown>(triagePhases);
  const again = new Set<string>();
  for (const { name, reader } of acquisitions) {
    if (reader.info.options['again'] === true) {
      again.add(name);
      continue;
    }
    for (const phase of listOf(reader.info.options['phases'])) taken.add(phase);
    for await (const { kind, object } of keptObjects(name, reader)) {
      const { uid } = metadataOf(object);
      // A pod that was detached has lost its owner: the first look has it.
      if (kind === 'Pod' && isUid(uid) && !kept.has(uid)) kept.set(uid, ownedPod(object));
    }
    const diff = await comparedPod(reader);
    if (diff !== undefined) compared.set(diff.uid, diff);
  }
  const histories = isolationHistories(lines);
  const pods = [...new Set([...histories.keys(), ...compared.keys()])].flatMap((uid): CasePod[] => {
    const history = histories.get(uid);
    const diff = compared.get(uid);
    const { node } = history?.record.pod ?? diff ?? {};
    const pod = recordedPod(history) ?? kept.get(uid) ?? history?.record.pod ?? diff?.pod;
    if (node === undefined || pod === undefined) return [];
    return [{ uid, node, pod: { labels: {}, ...pod }, ...(history === undefined ? {} : { history }) }];
  });
  return {
    pods,
    kept: [...kept.values()],
    phases: nodePhases.filter((phase) => taken.has(phase)),
    acquisitions: new Set(acquisitions.map(({ name }) => name)),
    again,
  };
}

/** Owner and labels of a pod before it was detached, as the record has them. */
function recordedPod(history: IsolationHistory | undefined): OwnedPod | undefined {
  const detach = history?.record.acts.find((act) => act.kind === 'detach');
  if (history === undefined || detach?.owner === undefined) return undefined;
  const { namespace, name } = history.record.pod;
  const { kind, name: owner } = detach.owner;
  return { namespace, name, controller: { kind, name: owner }, labels: detach.labels };
}

/** What tells the workload of a pod's object. */
export function ownedPod(object: JsonObject): OwnedPod {
  const { name, namespace } = metadataOf(object);
  const metadata = objectOf(object['metadata']);
  const controller = controllerIn(object);
  return {
    ...{ namespace, name, labels: labelsOf(metadata?.['labels']) },
    ...(controller === undefined ? {} : { controller }),
  };
}

/** The controller of an object, by its owner references. */
export function controllerIn(object: JsonObject): ControllerRef | undefined {
  const owners = objectsOf(objectOf(object['metadata'])?.['ownerReferences']);
  const owner = owners.find((one) => one['controller'] === true);
  const [kind, name] = [textOf(owner?.['kind']), textOf(owner?.['name'])];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

async function comparedPod(
  reader: AcquisitionReader,
): Promise<{ readonly uid: string; readonly node: string; readonly pod: OwnedPod } | undefined> {
  const item = reader.items.find(({ name, offset }) => name === diffItem && offset !== undefined);
  if (item === undefined) return undefined;
  const pieces = new PodDiffPieces();
  for await (const chunk of reader.read(item) as AsyncIterable<Buffer>)
    for (const piece of pieces.write(chunk)) {
      if (!('kind' in piece) || piece.kind !== 'pod') continue;
      const { namespace, name, uid, node } = objectOf(piece.pod) ?? {};
      if (!isUid(uid) || !isDnsName(namespace) || !isDnsName(name) || !isDnsName(node)) return undefined;
      return { uid, node, pod: { namespace, name, labels: {} } };
    }
  return undefined;
}

import { isKnownOwner, type KnownOwner, type OwnerKind, ownerText } from '../facts/owner.ts';
import { deletionCostAnnotation, podUidLabel } from '../names.ts';
import type { Outlook } from '../outlook.ts';
import { changePod, type Expected } from '../relabel.ts';
import type { Labels } from '../../cluster/selector.ts';
import { replacementText } from '../service-sentence.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Validating } from './act.ts';

/** Takes labels off the pod, so that Services drop it, policies no longer allow it, and its owner lets go of it. */
export interface DetachAction {
  readonly kind: 'detach';
  readonly summary: string;
  readonly labels: Labels;
  /** The owner that lets go of it; absent when there is none or the pod stays with it. */
  readonly owner?: KnownOwner;
  /** True when the owner will start another pod. */
  readonly replaced: boolean;
}

/** What giving the pod back needs. */
export interface DetachRecord {
  readonly kind: 'detach';
  readonly labels: Labels;
  /** Owner that the pod goes back to. */
  readonly owner?: { readonly kind: OwnerKind; readonly name: string; readonly uid: string };
  /** Value of the deletion-cost annotation before; absent when there was none. */
  readonly deletionCost?: string;
}

/** Undefined for a pod that nothing selects by a label which may go. */
export function planDetach(
  subject: Pick<Subject, 'owner'>,
  { aside, hindrances }: Pick<Outlook, 'aside' | 'hindrances'>,
): DetachAction | undefined {
  const texts = Object.entries(aside.labels).map(([key, value]) => `${key}=${value}`);
  if (texts.length === 0) return undefined;
  const owner = isKnownOwner(subject.owner) && aside.leaves ? subject.owner : undefined;
  const end =
    owner !== undefined
      ? replacementText(owner, hindrances)
      : subject.owner === undefined
        ? 'it has no owner'
        : `${ownerText(subject.owner)} keeps it`;
  return {
    kind: 'detach',
    summary: `${texts.length === 1 ? 'label' : 'labels'} ${texts.join(', ')} set aside; ${end}`,
    labels: aside.labels,
    ...(owner === undefined ? {} : { owner }),
    replaced: owner !== undefined && hindrances.prevent.length === 0,
  };
}

/** What the record keeps of a detachment. */
export function recordDetach({ labels, owner }: DetachAction, { annotations }: Subject): DetachRecord {
  const cost = annotations[deletionCostAnnotation];
  return {
    kind: 'detach',
    labels,
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name, uid: owner.uid } }),
    ...(cost === undefined ? {} : { deletionCost: cost }),
  };
}

/** Takes the labels off. */
export async function performDetach(action: DetachAction, at: Performing): Promise<Performed> {
  at.stands(`labels ${Object.keys(action.labels).join(', ')} set aside`);
  await takeOff(action, at);
  return { outcome: 'done', detail: action.summary };
}

/** What the server would do, in kubectl's words. */
export async function validateDetach(action: DetachAction, at: Validating): Promise<string[]> {
  await takeOff(action, at, true);
  return [`pod/${at.subject.name} unlabeled ${Object.keys(action.labels).join(', ')} (server dry run)`];
}

/** A label that is already off needs no change. One with another value than planned was changed by somebody else, and is refused. */
async function takeOff({ labels }: DetachAction, at: Validating, dryRun = false): Promise<void> {
  const { uid } = at.subject;
  const off = Object.fromEntries(Object.keys(labels).map((key) => [key, null]));
  const expected: Expected = {
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, [value, null]])),
  };
  await changePod(
    at.api,
    at.subject,
    { labels: { ...off, [podUidLabel]: uid } },
    { expected, dryRun, signal: at.signal },
  );
}

import { type Labels, selectorKeys } from '../selector.ts';
import { changePod } from '../relabel.ts';
import { isReplicaSetOwner, type Subject } from '../subject.ts';
import type { Performed, Performing, Validating } from './act.ts';

/** Takes labels off the pod, so that its owner replaces it and Services drop it. */
export interface DetachAction {
  readonly kind: 'detach';
  readonly summary: string;
  readonly labels: Labels;
}

/** What giving the pod back needs. */
export interface DetachRecord {
  readonly kind: 'detach';
  readonly labels: Labels;
  /** ReplicaSet that the pod goes back to. */
  readonly replicaSet: { readonly name: string; readonly uid: string };
  /** Value of the deletion-cost annotation before; absent when there was none. */
  readonly deletionCost?: string;
}

/** Undefined for a pod that nothing would replace, and for one whose ReplicaSet selects it by no label. */
export function planDetach(subject: Subject): DetachAction | undefined {
  const labels = labelsAside(subject);
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  if (!isReplicaSetOwner(subject.owner) || texts.length === 0) return undefined;
  const summary = `${texts.length === 1 ? 'label' : 'labels'} ${texts.join(', ')} set aside; replicaset/${subject.owner.name} starts a replacement`;
  return { kind: 'detach', summary, labels };
}

/** Labels that the ReplicaSet and the Services select the pod by; none for a pod of any other owner. */
export function labelsAside(subject: Subject): Labels {
  if (!isReplicaSetOwner(subject.owner)) return {};
  const keys = [
    ...selectorKeys(subject.owner.selector),
    ...subject.services.flatMap((service) => Object.keys(service.selector)),
  ];
  return Object.fromEntries(Object.entries(subject.labels).filter(([key]) => keys.includes(key)));
}

/** What the record keeps of a detachment. */
export function recordDetach({ labels }: DetachAction, { owner, deletionCost }: Subject): DetachRecord {
  if (!isReplicaSetOwner(owner)) throw new Error('only a pod of a ReplicaSet is detached');
  return {
    kind: 'detach',
    labels,
    replicaSet: { name: owner.name, uid: owner.uid },
    ...(deletionCost === undefined ? {} : { deletionCost }),
  };
}

/** Takes the labels off. */
export async function performDetach(action: DetachAction, at: Performing): Promise<Performed> {
  at.stands(`labels ${Object.keys(action.labels).join(', ')} set aside`);
  await changePod(at.api, at.subject, { labels: without(action.labels) }, { signal: at.signal });
  return { outcome: 'done', detail: action.summary };
}

/** What the server would do, in kubectl's words. */
export async function validateDetach(action: DetachAction, at: Validating): Promise<string[]> {
  const labels = without(action.labels);
  await changePod(at.api, at.subject, { labels }, { dryRun: true, signal: at.signal });
  return [`pod/${at.subject.name} unlabeled ${Object.keys(labels).join(', ')} (server dry run)`];
}

function without(labels: Labels): Record<string, null> {
  return Object.fromEntries(Object.keys(labels).map((key) => [key, null]));
}

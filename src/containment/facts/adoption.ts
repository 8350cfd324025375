import type { KubeObject } from '../../cluster/objects.ts';
import { type LabelSelector, type Labels, selects } from '../../cluster/selector.ts';

/** A controller that takes in pods without owner whose labels it selects. */
export interface Adopter {
  /** `replicaset/shop-2`. */
  readonly name: string;
  readonly uid: string;
  readonly selector: LabelSelector;
  /** Whether it would take a pod of this name. */
  readonly takes: (pod: string) => boolean;
}

/** ReplicaSet, DaemonSet, StatefulSet, Job or ReplicationController, as listed. */
export type Controller = KubeObject & {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec?: { readonly selector?: LabelSelector | Labels };
};

/** Controllers that adopt: none that is being deleted (Kubernetes, controller_ref_manager.go, ClaimPods). */
export function adoptersOf(controllers: readonly Controller[]): Adopter[] {
  return controllers.flatMap(({ kind, metadata, spec }) => {
    if (metadata.deletionTimestamp !== undefined || spec?.selector === undefined) return [];
    const { name, uid = '' } = metadata;
    const selector =
      kind === 'ReplicationController'
        ? { matchLabels: spec.selector as Labels }
        : (spec.selector as LabelSelector);
    const takes = kind === 'StatefulSet' ? (pod: string) => isMember(pod, name) : () => true;
    return [{ name: `${kind.toLowerCase()}/${name}`, uid, selector, takes }];
  });
}

/** The first controller that would adopt a pod with these labels. */
export function adopterOf(pod: string, labels: Labels, adopters: readonly Adopter[]): Adopter | undefined {
  return adopters.find((one) => one.takes(pod) && selects(one.selector, labels));
}

/** Pods of a StatefulSet are called after it and numbered; it takes in no others (Kubernetes, stateful_set_utils.go, isMemberOf). */
function isMember(pod: string, set: string): boolean {
  return pod.startsWith(`${set}-`) && /^\d+$/.test(pod.slice(set.length + 1));
}

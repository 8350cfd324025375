import type { DaemonSet, Job, Pod, ReplicaSet, StatefulSet } from '../../cluster/objects.ts';
import type { LabelSelector } from '../../cluster/selector.ts';

/** Controllers whose way with their pods we know. */
export const ownerKinds = ['ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'] as const;
export type OwnerKind = (typeof ownerKinds)[number];

/** A controller that was read: what it selects and how it stands. */
export interface KnownOwner {
  readonly kind: OwnerKind;
  readonly name: string;
  readonly uid: string;
  readonly selector: LabelSelector;
  readonly wanted: number;
  readonly ready: number;
  /** What it was made by, such as `deployment/shop`. */
  readonly above?: string;
}

/** A controller of a kind we do not know, or that could not be read. */
export interface OtherOwner {
  readonly kind: string;
  readonly name: string;
}

export type Owner = KnownOwner | OtherOwner;

/** An object that owns pods, as the API server gave it. */
export type OwnerObject = ReplicaSet | DaemonSet | StatefulSet | Job;

/** The controller of a pod, by its owner references. */
export function controllerOf(pod: Pod): { kind: string; name: string; uid: string } | undefined {
  const owner = pod.metadata?.ownerReferences?.find((one) => one.controller === true);
  return owner === undefined ? undefined : { kind: owner.kind, name: owner.name, uid: owner.uid };
}

/** The owner of a pod; of the kind and name alone when `object` is not that very controller. */
export function ownerOf(pod: Pod, object: OwnerObject | undefined): Owner | undefined {
  const controller = controllerOf(pod);
  if (controller === undefined) return undefined;
  const kind = ownerKindOf(controller.kind);
  if (kind === undefined || object?.metadata?.uid !== controller.uid) {
    return { kind: controller.kind, name: controller.name };
  }
  const above = object.metadata.ownerReferences?.find((one) => one.controller === true);
  return {
    kind,
    name: controller.name,
    uid: controller.uid,
    selector: object.spec?.selector ?? {},
    ...counts(kind, object),
    ...(above === undefined ? {} : { above: `${above.kind.toLowerCase()}/${above.name}` }),
  };
}

/** True for an owner that was read and whose kind we know. */
export function isKnownOwner(owner: Owner | undefined): owner is KnownOwner {
  return owner !== undefined && 'selector' in owner;
}

/** `statefulset/db`. */
export function ownerText(owner: Owner): string {
  return `${owner.kind.toLowerCase()}/${owner.name}`;
}

/** A kind we know, or undefined. */
export function ownerKindOf(kind: unknown): OwnerKind | undefined {
  return ownerKinds.find((one) => one === kind);
}

/** Version and plural of a kind of owner. */
export function ownerResource(kind: OwnerKind): { readonly apiVersion: string; readonly resource: string } {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1';
  return { apiVersion, resource: `${kind.toLowerCase()}s` };
}

/** How many pods it wants and how many are ready; a Job's are those that run at the same time. */
function counts(kind: OwnerKind, object: OwnerObject): { wanted: number; ready: number } {
  switch (kind) {
    case 'DaemonSet': {
      const { status } = object as DaemonSet;
      return { wanted: status?.desiredNumberScheduled ?? 0, ready: status?.numberReady ?? 0 };
    }
    case 'Job': {
      const { spec, status } = object as Job;
      return { wanted: spec?.parallelism ?? 1, ready: status?.ready ?? 0 };
    }
    case 'ReplicaSet':
    case 'StatefulSet': {
      const { spec, status } = object as ReplicaSet | StatefulSet;
      return { wanted: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
    }
  }
}

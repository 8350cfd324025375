/** A controller by kind and name, such as of an owner reference; not by uid, as what is made anew after an incident has another one. */
export interface ControllerRef {
  readonly kind: string;
  readonly name: string;
}

/** What tells the workload of a pod. */
export interface OwnedPod {
  readonly namespace: string;
  readonly name: string;
  readonly controller?: ControllerRef;
  readonly labels: Readonly<Record<string, string>>;
}

/** By `KIND/NAME`: what controls a controller, in one namespace. */
export type Controllers = ReadonlyMap<string, ControllerRef>;

/** Longer chains of owners nobody builds. */
const longest = 8;

/**
 * The last controller above a pod, such as its Deployment; undefined for a pod of its own. A ReplicaSet that is not there any more
 * is told by its name, which a Deployment makes of its own and the label `pod-template-hash` (kubernetes.io, Deployments).
 */
export function topController(
  { controller, labels }: OwnedPod,
  above: Controllers,
): ControllerRef | undefined {
  let top = controller;
  for (let step = 0; top !== undefined && step < longest; step += 1) {
    const next = above.get(`${top.kind}/${top.name}`) ?? madeBy(top, labels);
    if (next === undefined) break;
    top = next;
  }
  return top;
}

function madeBy({ kind, name }: ControllerRef, labels: OwnedPod['labels']): ControllerRef | undefined {
  const suffix = `-${labels['pod-template-hash'] ?? ''}`;
  const made = kind === 'ReplicaSet' && suffix !== '-' && name.endsWith(suffix) && name !== suffix;
  return made ? { kind: 'Deployment', name: name.slice(0, -suffix.length) } : undefined;
}

/** Name that pods have in common which take each other's place: `prod/deployment/shop`, or `prod/pod/web` of one of its own. */
export function workloadName(pod: OwnedPod, above: Controllers): string {
  const top = topController(pod, above);
  return top === undefined
    ? `${pod.namespace}/pod/${pod.name}`
    : `${pod.namespace}/${top.kind.toLowerCase()}/${top.name}`;
}

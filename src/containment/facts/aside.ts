import { podUidLabel } from '../names.ts';
import { type Labels, selectorKeys, selects, without } from '../../cluster/selector.ts';
import { type Adopter, adopterOf } from './adoption.ts';
import { isKnownOwner, type Owner } from './owner.ts';
import type { Policy } from './policy.ts';

/** The pod as far as its labels matter. */
export interface Labelled {
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
  readonly owner?: Owner;
  readonly services: readonly { readonly name: string; readonly selector: Labels }[];
}

/** Which labels to take off a pod, and what selects it then. */
export interface Aside {
  readonly labels: Labels;
  /** True when the owner lets go of the pod. */
  readonly leaves: boolean;
  /** Services that keep it as an endpoint. */
  readonly services: readonly string[];
  /** Policies that allow something and select it all the same. */
  readonly policies: readonly string[];
  /** Controllers that would have adopted the pod; labels were added to avoid it. */
  readonly avoided: readonly string[];
  /** A controller that will adopt it whatever labels it has. */
  readonly adopter?: string;
}

/** How far a pod is taken out of what selects it: from its owner too, from all else, or not at all. */
export type Detachment = 'leave' | 'stay' | 'none';

/**
 * The labels by which owner, Services and policies that allow something select the pod. To `leave` the owner, labels by
 * which another controller would then adopt it go as well; to `stay`, labels of the owner's selector are kept.
 */
export function setAside(
  pod: Labelled,
  others: { readonly policies: readonly Policy[]; readonly adopters: readonly Adopter[] },
  detachment: Detachment,
): Aside {
  const owner = isKnownOwner(pod.owner) ? pod.owner : undefined;
  const leave = detachment === 'leave';
  const kept = leave ? [] : selectorKeys(owner?.selector ?? {});
  const policies = others.policies.filter((one) => one.allows);
  const keys = new Set(
    [
      ...(leave ? selectorKeys(owner?.selector ?? {}) : []),
      ...pod.services.flatMap(({ selector }) => Object.keys(selector)),
      ...policies.filter((one) => one.selects(pod.labels)).flatMap((one) => one.keys),
    ].filter((key) => !kept.includes(key) && key !== podUidLabel),
  );
  if (detachment === 'none') keys.clear();
  const orphan = leave || (pod.owner === undefined && detachment === 'stay');
  const strangers = others.adopters.filter(({ uid }) => uid !== owner?.uid);
  const { avoided, adopter } = orphan
    ? avoidAdoption(pod, strangers, keys)
    : { avoided: [], adopter: undefined };
  const rest = remaining(pod, keys);
  return {
    labels: Object.fromEntries(Object.entries(pod.labels).filter(([key]) => keys.has(key))),
    leaves: leave && owner !== undefined && !selects(owner.selector, rest),
    services: pod.services
      .filter(({ selector }) => selects({ matchLabels: selector }, rest))
      .map(({ name }) => name),
    policies: policies.filter((one) => one.selects(rest)).map(({ name }) => name),
    avoided,
    ...(adopter === undefined ? {} : { adopter }),
  };
}

/** Adds to `keys` until nobody would adopt the pod, or until no label is left that could prevent it. */
function avoidAdoption(
  pod: Labelled,
  adopters: readonly Adopter[],
  keys: Set<string>,
): { avoided: string[]; adopter: string | undefined } {
  const avoided: string[] = [];
  for (;;) {
    const rest = remaining(pod, keys);
    const adopter = adopterOf(pod.name, rest, adopters);
    if (adopter === undefined) return { avoided, adopter: undefined };
    const more = selectorKeys(adopter.selector).filter(
      (key) => Object.hasOwn(rest, key) && key !== podUidLabel,
    );
    if (more.length === 0) return { avoided, adopter: adopter.name };
    avoided.push(adopter.name);
    for (const key of more) keys.add(key);
  }
}

/** The labels that the pod will have. */
function remaining(pod: Labelled, keys: ReadonlySet<string>): Labels {
  return { ...without(pod.labels, [...keys]), [podUidLabel]: pod.uid };
}

import { mayNotText, type Right } from '../../cluster/access.ts';
import type { Api } from '../../cluster/api.ts';
import type { ApiGroups } from '../../cluster/discovery.ts';
import { listAll } from '../../cluster/list.ts';
import type { KubeObject } from '../../cluster/objects.ts';
import { resourcePath, splitApiVersion } from '../../cluster/path.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import { objectName, podUidLabel } from '../names.ts';
import { changePod, type PodIdentity } from '../relabel.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';
import { denyPolicy, groupOf, type Network, networkKinds, networkPolicy, networks } from './deny-objects.ts';
import { objectText, type OwnObject, placeObject, removeObject } from './own-object.ts';

/** Policies of ours that allow the pod nothing, and the label by which they select it. */
export interface DenyAction {
  readonly kind: 'deny';
  readonly summary: string;
  /** The network policy first. */
  readonly policies: readonly OwnObject[];
  /** Networks whose own kind is placed beside it. */
  readonly networks: readonly Network[];
  /** Why one of them is missing from the beginning. */
  readonly lacking: readonly string[];
}

/** Names of the policies follow from the pod's uid. */
export interface DenyRecord {
  readonly kind: 'deny';
  readonly networks: readonly Network[];
}

/** A network policy, and a deny policy of the network's own where the API has its kind and we may make it. */
export function planDeny(subject: Subject, groups: ApiGroups, mayNot: readonly Right[] = []): DenyAction {
  const present = networks.filter((network) => groups.has(groupOf(network)));
  const lacking = mayNot.filter(({ group }) => present.some((network) => group === groupOf(network)));
  const own = present.filter((network) => !lacking.some(({ group }) => group === groupOf(network)));
  const name = objectName(subject.uid);
  return {
    kind: 'deny',
    summary: [
      `networkpolicy/${name}`,
      ...own.map((network) => `${networkKinds[network].resource}.${groupOf(network)}/${name}`),
    ].join(', '),
    policies: [networkPolicy(subject), ...own.map((network) => denyPolicy(network, subject))],
    networks: own,
    lacking: lacking.length === 0 ? [] : [mayNotText(lacking)],
  };
}

/** Places the policies and puts our label on the pod. */
export async function performDeny(action: DenyAction, at: Performing): Promise<Performed> {
  at.stands(`networkpolicy/${objectName(at.subject.uid)} and our label on the pod`);
  const [policy, ...own] = action.policies;
  if (policy !== undefined) await placeObject(at.api, policy, { signal: at.signal });
  await changePod(at.api, at.subject, { labels: { [podUidLabel]: at.subject.uid } }, { signal: at.signal });
  const refused = [...action.lacking];
  for (const object of own) {
    try {
      await placeObject(at.api, object, { signal: at.signal });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      refused.push(error.message);
    }
  }
  if (refused.length === 0) return { outcome: 'done', detail: action.summary };
  return { outcome: 'part', detail: `${action.summary}; not placed: ${refused.join('; ')}` };
}

/** What the server would do, in kubectl's words. */
export async function validateDeny(action: DenyAction, at: Validating): Promise<string[]> {
  const options = { dryRun: true, signal: at.signal };
  for (const policy of action.policies) await placeObject(at.api, policy, options);
  await changePod(at.api, at.subject, { labels: { [podUidLabel]: at.subject.uid } }, options);
  return [
    ...action.policies.map((policy) => `${objectText(policy)} created (server dry run)`),
    `pod/${at.subject.name} labeled with ${podUidLabel} (server dry run)`,
  ];
}

/** Deletes the policies, when they are ours, and waits until they are gone. The label goes at the very end. */
export async function undoDeny(recorded: DenyRecord | undefined, at: Undoing): Promise<string> {
  const { api, io, pod, signal } = at;
  const name = objectName(pod.uid);
  const ref = {
    apiVersion: 'networking.k8s.io/v1',
    resource: 'networkpolicies',
    namespace: pod.namespace,
    name,
  };
  const removed = (await removeObject(api, io, ref, { uid: pod.uid, signal }))
    ? [`networkpolicy/${name}`]
    : [];
  for (const network of networks) {
    for (const found of await ofNetwork(
      api,
      network,
      pod,
      recorded?.networks.includes(network) === true,
      signal,
    )) {
      const own = { ...networkKinds[network], namespace: pod.namespace, name: found };
      if (await removeObject(api, io, own, { uid: pod.uid, signal }))
        removed.push(`${own.resource}/${found}`);
    }
  }
  return removed.length === 0 ? `no networkpolicy/${name}` : `${removed.join(', ')} deleted`;
}

/**
 * Names of our policies of a network: Calico may have put the tier's name before ours. A kind that we may not list has none,
 * unless the record says that one was placed.
 */
async function ofNetwork(
  api: Api,
  network: Network,
  { namespace, uid }: PodIdentity,
  placed: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const { apiVersion, resource } = networkKinds[network];
  const path = resourcePath({ ...splitApiVersion(apiVersion), namespace, resource });
  const names: string[] = [];
  try {
    const query = { labelSelector: `${podUidLabel}=${uid}` };
    for await (const { metadata } of listAll<KubeObject>(api, { path, query, signal }))
      names.push(metadata.name);
  } catch (error) {
    const absent = error instanceof ApiError && (error.status === 404 || (error.status === 403 && !placed));
    if (!absent) throw error;
  }
  return names;
}

import { createObject, deleteObject, getObjectOrUndefined } from '../../cluster/apply.ts';
import type { NetworkPolicy } from '../../cluster/objects.ts';
import { type ObjectRef, objectPath } from '../../cluster/path.ts';
import { waitFor } from '../../cluster/wait.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import { objectName, podUidLabel } from '../names.ts';
import { changePod, type PodIdentity } from '../relabel.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';

/** A network policy of ours that allows the pod nothing, and the label by which it selects the pod. */
export interface DenyAction {
  readonly kind: 'deny';
  readonly summary: string;
  readonly policy: NetworkPolicy;
}

/** Needs nothing to be undone: the policy's name follows from the pod's uid. */
export interface DenyRecord {
  readonly kind: 'deny';
}

/** A policy that selects this one pod by our own label and allows nothing in either direction. */
export function planDeny(subject: Subject): DenyAction {
  const labels = { [podUidLabel]: subject.uid };
  const name = objectName(subject.uid);
  const policy: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: subject.namespace, labels },
    spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress', 'Egress'] },
  };
  return { kind: 'deny', summary: `networkpolicy/${name}`, policy };
}

/** Creates the policy and puts our label on the pod. */
export async function performDeny(action: DenyAction, at: Performing): Promise<Performed> {
  at.stands(`networkpolicy/${objectName(at.subject.uid)} and our label on the pod`);
  await place(action, at);
  return { outcome: 'done', detail: action.summary };
}

/** A policy that is there already is ours: its name holds the uid. */
async function place(action: DenyAction, at: Validating, dryRun = false): Promise<void> {
  const options = { dryRun, signal: at.signal };
  try {
    await createObject(at.api, action.policy as Parameters<typeof createObject>[1], options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
  }
  await changePod(at.api, at.subject, { labels: { [podUidLabel]: at.subject.uid } }, options);
}

/** What the server would do, in kubectl's words. */
export async function validateDeny(action: DenyAction, at: Validating): Promise<string[]> {
  await place(action, at, true);
  return [
    `networkpolicy.networking.k8s.io/${objectName(at.subject.uid)} created (server dry run)`,
    `pod/${at.subject.name} labeled with ${podUidLabel} (server dry run)`,
  ];
}

/** Deletes the policy, when it is ours, and waits until it is gone. The label goes with `detach`, or by itself. */
export async function undoDeny(at: Undoing): Promise<string> {
  const { api, io, pod, signal } = at;
  const ref = policyRef(pod);
  const policy = await getObjectOrUndefined<NetworkPolicy>(api, ref, signal);
  if (policy === undefined) return `no networkpolicy/${ref.name}`;
  if (policy.metadata?.labels?.[podUidLabel] !== pod.uid) {
    throw new OperationError(`networkpolicy/${ref.name} does not carry our label, so it is left alone`);
  }
  await deleteObject(api, ref, { signal });
  await waitFor<NetworkPolicy>(api, io, {
    path: objectPath(ref),
    what: `networkpolicy/${ref.name} to be gone`,
    until: (object) => object === undefined,
    timeoutMs: 10_000,
    signal,
  });
  return `networkpolicy/${ref.name} deleted`;
}

function policyRef(pod: PodIdentity): ObjectRef {
  return {
    apiVersion: 'networking.k8s.io/v1',
    resource: 'networkpolicies',
    namespace: pod.namespace,
    name: objectName(pod.uid),
  };
}

import { getObjectOrUndefined, patchObject } from '../../cluster/apply.ts';
import { listAll } from '../../cluster/list.ts';
import type { Node, Pod } from '../../cluster/objects.ts';
import { type ObjectRef, resourcePath } from '../../cluster/path.ts';
import { ApiError } from '../../output/errors.ts';
import { cordonAnnotation, podUidLabel } from '../names.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';

/** Keeps new pods away from the pod's node. */
export interface CordonAction {
  readonly kind: 'cordon';
  readonly summary: string;
}

/** Recorded only when the node was not cordoned before. */
export interface CordonRecord {
  readonly kind: 'cordon';
}

/** Undefined for a node that is cordoned already: it is left to whoever did that. */
export function planCordon({ node, cordoned }: Subject): CordonAction | undefined {
  return cordoned ? undefined : { kind: 'cordon', summary: `no new pods on node ${node}` };
}

/**
 * Cordons the node, and notes on it for which pod, the first of several; one that somebody else has cordoned since the plan is left
 * to them.
 */
export async function performCordon({ summary }: CordonAction, at: Performing): Promise<Performed> {
  const { node, uid } = at.subject;
  const live = await getObjectOrUndefined<Node>(at.api, nodeRef(node), at.signal);
  if (live?.spec?.unschedulable === true && !isOurs(live)) {
    return { outcome: 'done', detail: `node ${node} was cordoned by somebody else meanwhile` };
  }
  at.stands(`node ${node} cordoned`);
  await setCordon(at, node, uid);
  return { outcome: 'done', detail: summary };
}

/** What the server would do, in kubectl's words. */
export async function validateCordon(_: CordonAction, at: Validating): Promise<string[]> {
  await setCordon(at, at.subject.node, at.subject.uid, true);
  return [`node/${at.subject.node} cordoned (server dry run)`];
}

/** Uncordons the node, unless somebody else has cordoned it or another isolated pod is on it. */
export async function undoCordon(at: Undoing): Promise<string> {
  const { node } = at.pod;
  const live = await getObjectOrUndefined<Node>(at.api, nodeRef(node), at.signal);
  if (live === undefined) return `node ${node} is gone`;
  if (live.spec?.unschedulable !== true) return `node ${node} is not cordoned any more`;
  if (!isOurs(live)) return `node ${node} stays cordoned: somebody else did that`;
  const others = await isolatedBeside(at);
  if (others.length > 0) {
    return `node ${node} stays cordoned, because ${others.join(', ')} on it is isolated too; kubectl uncordon ${node} ends it`;
  }
  await setCordon(at, node, null);
  return `node ${node} uncordoned`;
}

/** True for a node that was cordoned for an isolated pod. */
function isOurs({ metadata }: Node): boolean {
  return metadata?.annotations?.[cordonAnnotation] !== undefined;
}

/** Cordons a node for the pod with this uid; null ends it. */
async function setCordon(
  { api, signal }: Pick<Validating, 'api' | 'signal'>,
  node: string,
  uid: string | null,
  dryRun = false,
): Promise<void> {
  const metadata = { annotations: { [cordonAnnotation]: uid } };
  // null, as kubectl uncordon leaves it: the field was absent before.
  const patch = { metadata, spec: { unschedulable: uid === null ? null : true } };
  await patchObject(api, nodeRef(node), patch, { type: 'merge', dryRun, signal });
}

/** Other pods with our label on the node, as far as they may be listed. */
async function isolatedBeside({ api, pod, signal }: Undoing): Promise<string[]> {
  const names: string[] = [];
  const query = { labelSelector: podUidLabel, fieldSelector: `spec.nodeName=${pod.node}` };
  const list = async (namespace: string | undefined): Promise<void> => {
    const path = resourcePath({ version: 'v1', namespace, resource: 'pods' });
    for await (const { metadata } of listAll<Pod>(api, { path, query, signal })) {
      const suspect = metadata?.labels?.[podUidLabel] === metadata?.uid;
      if (suspect && metadata?.uid !== pod.uid) names.push(`pod/${metadata?.name ?? ''}`);
    }
  };
  try {
    await list(undefined);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    await list(pod.namespace);
  }
  return names;
}

function nodeRef(name: string): ObjectRef {
  return { apiVersion: 'v1', resource: 'nodes', name };
}

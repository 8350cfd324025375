import { getObjectOrUndefined, patchObject } from '../../cluster/apply.ts';
import { listAll } from '../../cluster/list.ts';
import type { Node, Pod } from '../../cluster/objects.ts';
import { type ObjectRef, resourcePath } from '../../cluster/path.ts';
import { ApiError } from '../../output/errors.ts';
import { podUidLabel } from '../names.ts';
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

/** Cordons the node. */
export async function performCordon({ summary }: CordonAction, at: Performing): Promise<Performed> {
  at.stands(`node ${at.subject.node} cordoned`);
  await setUnschedulable(at, at.subject.node, true);
  return { outcome: 'done', detail: summary };
}

/** What the server would do, in kubectl's words. */
export async function validateCordon(_: CordonAction, at: Validating): Promise<string[]> {
  await setUnschedulable(at, at.subject.node, true, true);
  return [`node/${at.subject.node} cordoned (server dry run)`];
}

/** Uncordons the node, unless another isolated pod is on it. */
export async function undoCordon(at: Undoing): Promise<string> {
  const { node } = at.pod;
  const live = await getObjectOrUndefined<Node>(at.api, nodeRef(node), at.signal);
  if (live === undefined) return `node ${node} is gone`;
  if (live.spec?.unschedulable !== true) return `node ${node} is not cordoned any more`;
  const others = await isolatedBeside(at);
  if (others.length > 0) {
    return `node ${node} stays cordoned, because ${others.join(', ')} on it is isolated too; kubectl uncordon ${node} ends it`;
  }
  await setUnschedulable(at, node, false);
  return `node ${node} uncordoned`;
}

async function setUnschedulable(
  { api, signal }: Pick<Validating, 'api' | 'signal'>,
  node: string,
  cordoned: boolean,
  dryRun = false,
): Promise<void> {
  // null, as kubectl uncordon leaves it: the field was absent before.
  const patch = { spec: { unschedulable: cordoned ? true : null } };
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

import { eventually, kubectl, onNode } from './world.ts';

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly uid: string; readonly annotations?: Readonly<Record<string, string>> };
  }[];
}

/**
 * Waits until all pods that run on a node are pods of the API server. One that was deleted without grace is forgotten
 * there at once, and its processes go on until the kubelet comes to end them.
 */
export function untilKnownPodsRun(node: string): Promise<void> {
  return eventually(`all pods that run on ${node} are known to the API server`, async () => {
    const cgroups = await onNode(node, 'cat /proc/[0-9]*/cgroup');
    // Also a static pod's, whose uid is the digest of its file and stands as an annotation in the API.
    const running = [...cgroups.stdout.matchAll(/pod([0-9a-f]{8}[-_][0-9a-f_-]{27}|[0-9a-f]{32})/g)];
    const { items } = JSON.parse(await kubectl(['get', 'pods', '-A', '-o', 'json'])) as PodList;
    const known = new Set(
      items.flatMap(({ metadata: { uid, annotations } }) => [
        uid,
        annotations?.['kubernetes.io/config.hash'],
      ]),
    );
    return running.every(([, uid = '']) => known.has(uid.replaceAll('_', '-')));
  });
}

import type { JsonObject } from '../../artifacts/json.ts';
import type { Api } from '../../cluster/api.ts';
import { getObjectOrUndefined } from '../../cluster/apply.ts';
import { listAll } from '../../cluster/list.ts';
import type { KubeObject, Pod } from '../../cluster/objects.ts';
import { resourceOfKind, resourcePath } from '../../cluster/path.ts';
import {
  type ControllerRef,
  type Controllers,
  topController,
  workloadName,
} from '../../incident/workload.ts';
import { type CaseAbout, controllerIn, ownedPod } from './about.ts';

/** What stands in the cluster of what a case is about. */
export interface LiveWorkloads {
  /** By `NAMESPACE/NAME` of a pod, now or in the case: the workload that the case is about. */
  readonly workloads: ReadonlyMap<string, string>;
  /** Pods to look at, by their workload: those of the case that are still there, and what took their place. */
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  /** By workload: why nothing can be said of what took the place of its pods. */
  readonly lacking: ReadonlyMap<string, string>;
}

/** Kinds that own pods, or what owns them, with their API versions. */
const owners: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  ReplicationController: 'v1',
};

/** Name of a pod within the cluster. */
export function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/**
 * Looks for the pods of a case and for those that took their place: the pods of the same last owner, by its name, as a fix may
 * have made it anew. Throws ApiError when pods may not be listed.
 */
export async function findWorkloads(api: Api, about: CaseAbout, signal: AbortSignal): Promise<LiveWorkloads> {
  const workloads = new Map<string, string>();
  const found = new Map<string, Pod[]>();
  const lacking = new Map<string, string>();
  const byUid = new Map<string, string>();
  const isolated = new Set(
    about.pods.flatMap(({ uid, history }) =>
      history === undefined || history.released !== undefined ? [] : [uid],
    ),
  );
  for (const namespace of new Set(about.pods.map(({ pod }) => pod.namespace))) {
    const list = (kind: string): Promise<KubeObject[]> => listKind(api, kind, namespace, signal);
    const [pods, sets, jobs] = await Promise.all([list('Pod'), list('ReplicaSet'), list('Job')]);
    const above = controllersOf([...sets, ...jobs]);
    const tops = new Map<string, ControllerRef | undefined>();
    for (const { uid, pod } of about.pods.filter((one) => one.pod.namespace === namespace)) {
      const live = pods.find(({ metadata }) => metadata.uid === uid);
      const known =
        pod.controller === undefined && live !== undefined ? ownedPod(live as unknown as JsonObject) : pod;
      const workload = workloadName(known, above);
      byUid.set(uid, workload);
      tops.set(workload, topController(known, above));
      workloads.set(podKey(namespace, pod.name), workload);
    }
    for (const kept of about.kept.filter((one) => one.namespace === namespace)) {
      const workload = workloadName(kept, above);
      if (tops.has(workload) && !workloads.has(podKey(namespace, kept.name)))
        workloads.set(podKey(namespace, kept.name), workload);
    }
    const unplaced = new Map<string, string>();
    for (const one of pods) {
      const pod = one as unknown as Pod;
      const { name, uid = '' } = one.metadata;
      const workload = byUid.get(uid) ?? workloadName(ownedPod(one as unknown as JsonObject), above);
      if (!tops.has(workload) || ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')) continue;
      workloads.set(podKey(namespace, name), workload);
      if (pod.spec?.nodeName === undefined) unplaced.set(workload, `pod "${name}" is not on a node yet`);
      else found.set(workload, [...(found.get(workload) ?? []), pod]);
    }
    for (const [workload, top] of tops) {
      const replaced = (found.get(workload) ?? []).some(({ metadata }) => !isolated.has(metadata?.uid ?? ''));
      const why =
        unplaced.get(workload) ??
        (replaced || top === undefined || !(await isThere(api, namespace, top, signal))
          ? undefined
          : `${top.kind.toLowerCase()}/${top.name} runs no pod that took the place of that of the case`);
      if (why !== undefined) lacking.set(workload, why);
    }
  }
  return { workloads, pods: found, lacking };
}

function controllersOf(objects: readonly KubeObject[]): Controllers {
  return new Map(
    objects.flatMap((object): [string, ControllerRef][] => {
      const controller = controllerIn(object as unknown as JsonObject);
      return controller === undefined ? [] : [[`${object.kind}/${object.metadata.name}`, controller]];
    }),
  );
}

async function listKind(
  api: Api,
  kind: string,
  namespace: string,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const [version = '', group = ''] = (owners[kind] ?? 'v1').split('/').reverse();
  const path = resourcePath({ group, version, namespace, resource: resourceOfKind(kind) });
  const objects: KubeObject[] = [];
  for await (const object of listAll<KubeObject>(api, {
    path,
    signal,
    doing: `list ${resourceOfKind(kind)}`,
  }))
    objects.push({ ...object, kind });
  return objects;
}

/** True for an owner of a kind that is not known here, too. */
async function isThere(
  api: Api,
  namespace: string,
  { kind, name }: ControllerRef,
  signal: AbortSignal,
): Promise<boolean> {
  const apiVersion = owners[kind];
  if (apiVersion === undefined) return true;
  const ref = { apiVersion, resource: resourceOfKind(kind), namespace, name };
  return (await getObjectOrUndefined(api, ref, signal)) !== undefined;
}

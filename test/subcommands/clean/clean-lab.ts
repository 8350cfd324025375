import type { KubeObject } from '../../../src/cluster/objects.ts';
import { sleepFor } from '../../../src/output/io.ts';
import type { FakeApi } from '../../fake-api/fake-api.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';

const verbs = ['get', 'list', 'delete'];
const core = [
  { name: 'pods', singularName: 'pod', kind: 'Pod', namespaced: true, shortNames: ['po'], verbs },
  { name: 'pods/log', singularName: '', kind: 'Pod', namespaced: true, verbs: ['get'] },
  {
    name: 'configmaps',
    singularName: 'configmap',
    kind: 'ConfigMap',
    namespaced: true,
    shortNames: ['cm'],
    verbs,
  },
  {
    name: 'namespaces',
    singularName: 'namespace',
    kind: 'Namespace',
    namespaced: false,
    shortNames: ['ns'],
    verbs,
  },
];
const batch = [
  { name: 'cronjobs', singularName: 'cronjob', kind: 'CronJob', namespaced: true, shortNames: ['cj'], verbs },
];
const rbac = [
  { name: 'clusterroles', singularName: 'clusterrole', kind: 'ClusterRole', namespaced: false, verbs },
];

/** A server that tells which resources it has; the group `broken.example` has a server of its own that is away. */
export function discoverable(
  fake: FakeApi,
  more: Parameters<FakeApi['intercept']>[0] = () => undefined,
): void {
  fake.groups.clear();
  for (const group of ['batch', 'rbac.authorization.k8s.io', 'broken.example'])
    fake.groups.set(group, ['v1']);
  const lists: Readonly<Record<string, unknown>> = {
    '/api/v1': core,
    '/apis/batch/v1': batch,
    '/apis/rbac.authorization.k8s.io/v1': rbac,
  };
  fake.intercept((request) => {
    const resources = lists[request.path];
    if (resources !== undefined) return { status: 200, body: { kind: 'APIResourceList', resources } };
    if (request.path === '/apis/broken.example/v1') return { status: 503, body: { message: 'away' } };
    return more(request);
  });
}

export function cronJob(name: string, metadata: object = {}): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, namespace: 'default', ...metadata } };
}

/** An Io on which time stands still but for the pauses between two looks, each of which is told before; limits of time are real ones. */
export function watchingIo(onLook: (look: number) => void = () => undefined): MemoryIo {
  const io = memoryIo();
  let looks = 0;
  return {
    ...io,
    sleep: (ms, signal) => {
      if (ms !== 2_000) return sleepFor(ms, signal);
      looks += 1;
      onLook(looks);
      return io.sleep(ms, signal);
    },
  };
}

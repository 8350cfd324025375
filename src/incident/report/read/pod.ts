import {
  booleanOf,
  type JsonObject,
  labelsOf,
  objectOf,
  objectsOf,
  textOf,
} from '../../../artifacts/json.ts';
import { present } from '../../../artifacts/present.ts';
import { originOf } from './image-labels.ts';
import type { Hardening } from '../facts/nodes.ts';
import type { WorkloadContainer } from '../facts/workloads.ts';

/** What a report needs of a pod's object (core/v1 Pod). */
export interface PodFacts {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node?: string;
  readonly owner?: string;
  readonly account: string;
  readonly labels: readonly string[];
  readonly containers: readonly WorkloadContainer[];
  readonly hardening: readonly Hardening[];
}

/** Reads a pod's object; undefined when it is none. Members of other types are left out. */
export function readPod(object: JsonObject): PodFacts | undefined {
  const metadata = objectOf(object['metadata']);
  const spec = objectOf(object['spec']);
  const [uid, namespace, name] = ['uid', 'namespace', 'name'].map((key) => textOf(metadata?.[key]));
  if (spec === undefined || uid === undefined || namespace === undefined || name === undefined)
    return undefined;
  const labels = labelsOf(metadata?.['labels']);
  const told = { ...labelsOf(metadata?.['annotations']), ...labels };
  const owner = objectsOf(metadata?.['ownerReferences'])[0];
  const [kind, owned] = [textOf(owner?.['kind']), textOf(owner?.['name'])];
  const statuses = new Map(
    objectsOf(objectOf(object['status'])?.['containerStatuses']).map((one) => [textOf(one['name']), one]),
  );
  return {
    uid,
    namespace,
    name,
    account: textOf(spec['serviceAccountName']) ?? 'default',
    labels: Object.entries(labels)
      .filter(([key]) => !key.startsWith('kubectl-ir/'))
      .map(([key, value]) => `${key}=${value}`),
    ...present({
      node: textOf(spec['nodeName']),
      owner: kind === undefined || owned === undefined ? undefined : `${kind}/${owned}`,
    }),
    containers: objectsOf(spec['containers']).map((container) => {
      const called = textOf(container['name']) ?? '';
      return {
        name: called,
        image: textOf(container['image']) ?? '',
        ...present({
          id: textOf(statuses.get(called)?.['containerID'])?.replace(/^[a-z0-9-]+:\/\//, ''),
          imageID: textOf(statuses.get(called)?.['imageID']),
          ...originOf(told),
        }),
      };
    }),
    hardening: hardeningOf(`pod ${namespace}/${name}`, spec),
  };
}

function hardeningOf(where: string, spec: JsonObject): Hardening[] {
  const found: Hardening[] = [];
  const add = (setting: string, why: string, instead: string): void => {
    found.push({ where, setting, why, instead });
  };
  for (const key of ['hostPID', 'hostIPC', 'hostNetwork'])
    if (booleanOf(spec[key]) === true)
      add(`${key}: true`, 'the pod shares it with the node', `leave ${key} out`);
  for (const volume of objectsOf(spec['volumes'])) {
    const path = textOf(objectOf(volume['hostPath'])?.['path']);
    if (path !== undefined)
      add(`hostPath ${path}`, 'the pod reads, or writes, the file system of the node', 'a volume of its own');
  }
  const pod = objectOf(spec['securityContext']);
  for (const container of objectsOf(spec['containers'])) {
    const name = textOf(container['name']) ?? '';
    const own = objectOf(container['securityContext']);
    const image = textOf(container['image']) ?? '';
    if (booleanOf(own?.['privileged']) === true)
      add(
        `${name}: privileged`,
        'root in it is root on the node',
        'the capabilities that it needs, and no others',
      );
    else if (booleanOf(own?.['allowPrivilegeEscalation']) !== false)
      add(
        `${name}: allowPrivilegeEscalation`,
        'setuid programs work in it',
        'allowPrivilegeEscalation: false',
      );
    if (booleanOf(own?.['runAsNonRoot'] ?? pod?.['runAsNonRoot']) !== true)
      add(
        `${name}: may run as root`,
        'root in a container is one mistake away from the node',
        'runAsNonRoot: true',
      );
    if (booleanOf(own?.['readOnlyRootFilesystem']) !== true)
      add(`${name}: writable root`, 'programs can be planted in it', 'readOnlyRootFilesystem: true');
    if (!image.includes('@sha256:'))
      add(
        `${name}: image by its tag, ${image}`,
        'a tag can mean another image tomorrow',
        'the image by its digest',
      );
    if (objectOf(objectOf(container['resources'])?.['limits']) === undefined)
      add(
        `${name}: no limits`,
        'it can take what others on the node need',
        'limits of memory and processors',
      );
  }
  if (booleanOf(spec['automountServiceAccountToken']) !== false)
    add(
      'token mounted',
      'whoever is in the pod has its account',
      'automountServiceAccountToken: false, if it needs none',
    );
  return found;
}

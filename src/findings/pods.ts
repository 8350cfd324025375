import { createHash } from 'node:crypto';
import {
  booleanOf,
  jsonObject,
  type JsonObject,
  labelsOf,
  listOf,
  membersBut,
  objectOf,
  objectsOf,
  textOf,
} from '../artifacts/json.ts';
import { present } from '../artifacts/present.ts';

/** A container as its pod's object has it: core/v1 Container and ContainerStatus. */
export interface PodContainer {
  readonly name: string;
  /** Without the runtime's prefix; of the running instance. */
  readonly id?: string;
  readonly imageID?: string;
  /** The kubelet says that it runs. */
  readonly running: boolean;
  readonly privileged: boolean;
  readonly directory?: string;
  /** Paths at which block devices were asked for. */
  readonly devices: readonly string[];
}

/** What of a pod's object tells whether a finding was asked for: core/v1 Pod. */
export interface Pod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Annotation `kubernetes.io/config.hash`: a static pod's own id, which its processes and containers carry. */
  readonly configHash?: string;
  /** From where the kubelet has it: `api`, `file` or `http`. */
  readonly configSource?: string;
  /** RFC 3339. */
  readonly created?: string;
  /** As in `Running`. */
  readonly phase?: string;
  /** Somebody deleted it, and it is still there. */
  readonly deleting: boolean;
  readonly address?: string;
  readonly serviceAccount?: string;
  /** True when a token of its ServiceAccount is mounted into it. */
  readonly token: boolean;
  readonly hostPID: boolean;
  readonly hostIPC: boolean;
  readonly hostNetwork: boolean;
  readonly hostPaths: readonly string[];
  readonly containers: readonly PodContainer[];
  /** The DaemonSet that it is of, by its uid. */
  readonly daemonSet?: { readonly name: string; readonly uid: string };
  /** The same for pods of one make: of their specification all but what differs by node. */
  readonly make: string;
}

/** The pods of a PodList, of the API server or of a kubelet; undefined when the text is none. Other items are left out. */
export function parsePods(bytes: Buffer): Pod[] | undefined {
  const list = jsonObject(bytes);
  if (list === undefined || !Array.isArray(list['items'])) return undefined;
  return listOf(list['items'])
    .map(objectOf)
    .filter((item) => item !== undefined)
    .map(podOf)
    .filter((pod) => pod !== undefined);
}

/** A pod of its own answer of the API server; undefined when the text is none. */
export function parsePod(bytes: Buffer): Pod | undefined {
  const object = jsonObject(bytes);
  return object === undefined ? undefined : podOf(object);
}

/** The pod that a uid of a cgroup or of a specification means. */
export function findPod(pods: readonly Pod[], uid: string | undefined): Pod | undefined {
  return uid === undefined ? undefined : pods.find((pod) => pod.uid === uid || pod.configHash === uid);
}

function podOf(item: JsonObject): Pod | undefined {
  const metadata = objectOf(item['metadata']) ?? {};
  const spec = objectOf(item['spec']) ?? {};
  const [uid, name, namespace] = ['uid', 'name', 'namespace'].map((key) => textOf(metadata[key]));
  if (uid === undefined || name === undefined || namespace === undefined) return undefined;
  const annotations = labelsOf(metadata['annotations']);
  return {
    uid,
    name,
    namespace,
    ...present({
      configHash: annotations['kubernetes.io/config.hash'],
      configSource: annotations['kubernetes.io/config.source'],
      created: textOf(metadata['creationTimestamp']),
      phase: textOf(objectOf(item['status'])?.['phase']),
      address: textOf(objectOf(item['status'])?.['podIP']),
      serviceAccount: textOf(spec['serviceAccountName']),
    }),
    deleting: metadata['deletionTimestamp'] !== undefined,
    token: hasToken(spec),
    hostPID: booleanOf(spec['hostPID']) ?? false,
    hostIPC: booleanOf(spec['hostIPC']) ?? false,
    hostNetwork: booleanOf(spec['hostNetwork']) ?? false,
    hostPaths: objectsOf(spec['volumes'])
      .map((volume) => textOf(objectOf(volume['hostPath'])?.['path']))
      .filter((path) => path !== undefined),
    containers: containersOf(spec, objectOf(item['status']) ?? {}),
    ...present({ daemonSet: daemonSetOf(metadata) }),
    make: makeOf(spec),
  };
}

function daemonSetOf(metadata: JsonObject): Pod['daemonSet'] {
  const owner = objectsOf(metadata['ownerReferences']).find((one) => one['controller'] === true);
  const [name, uid] = [textOf(owner?.['name']), textOf(owner?.['uid'])];
  return owner?.['kind'] === 'DaemonSet' && name !== undefined && uid !== undefined
    ? { name, uid }
    : undefined;
}

/** The controller of DaemonSets pins its pods by affinity; the volume of the token has a name of its own in each pod. */
function makeOf(spec: JsonObject): string {
  const same = JSON.stringify(membersBut(spec, 'nodeName', 'affinity'));
  return createHash('sha256')
    .update(same.replace(/"kube-api-access-[a-z0-9]{5}"/g, '"kube-api-access"'))
    .digest('hex');
}

/** As the admission of ServiceAccounts mounts it: a projected volume, or in old clusters a Secret at the same place. */
const tokenPlace = '/var/run/secrets/kubernetes.io/serviceaccount';

function hasToken(spec: JsonObject): boolean {
  const projected = objectsOf(spec['volumes']).flatMap((volume) =>
    objectsOf(objectOf(volume['projected'])?.['sources']),
  );
  const mounts = kinds
    .flatMap((kind) => objectsOf(spec[kind]))
    .flatMap((one) => objectsOf(one['volumeMounts']));
  return (
    projected.some((source) => objectOf(source['serviceAccountToken']) !== undefined) ||
    mounts.some((mount) => mount['mountPath'] === tokenPlace)
  );
}

const kinds = ['initContainers', 'containers', 'ephemeralContainers'] as const;

function containersOf(spec: JsonObject, status: JsonObject): PodContainer[] {
  const statuses = new Map(
    kinds
      .flatMap((kind) => objectsOf(status[`${kind.slice(0, -1)}Statuses`]))
      .map((one) => [textOf(one['name']) ?? '', one]),
  );
  return kinds
    .flatMap((kind) => objectsOf(spec[kind]))
    .map((container) => {
      const name = textOf(container['name']) ?? '';
      const known = statuses.get(name);
      return {
        name,
        ...present({
          id: textOf(known?.['containerID'])?.replace(/^[a-z0-9-]+:\/\//, ''),
          imageID: textOf(known?.['imageID']),
          directory: textOf(container['workingDir']),
        }),
        running: objectOf(objectOf(known?.['state'])?.['running']) !== undefined,
        privileged: booleanOf(objectOf(container['securityContext'])?.['privileged']) ?? false,
        devices: objectsOf(container['volumeDevices'])
          .map((device) => textOf(device['devicePath']))
          .filter((path) => path !== undefined),
      };
    });
}

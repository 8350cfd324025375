import { utcText } from './instant.ts';
import type { OciSpec } from './oci-spec.ts';
import { present } from './present.ts';
import { containerdStates } from './runtime-places.ts';

/** What one file tells of a container, or all files of a container together. A member that is missing was not told. */
export interface ContainerRecord extends Partial<OciSpec> {
  readonly id: string;
  readonly runtime?: 'containerd' | 'docker' | 'cri-o' | 'podman';
  /** Of containerd: `k8s.io` for the kubelet's, `moby` for docker's, `default` for ctr's. */
  readonly runtimeNamespace?: string;
  /** As the runtime calls it. */
  readonly name?: string;
  /** Of the image that it was made from: a digest or the runtime's id. */
  readonly imageId?: string;
  /** `no task` for what containerd has and nothing runs or ran in; else in docker's words: `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`. */
  readonly state?: string;
  /** Of its first process, as the node counts; missing when it does not run. */
  readonly pid?: number;
  /** RFC 3339 in UTC, as the next two. */
  readonly created?: string;
  readonly started?: string;
  readonly finished?: string;
  /** Of the last end. */
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Why it did not start, or ended. */
  readonly error?: string;
  readonly restarts?: number;
  readonly driver?: string;
  /** Name of the layer that it writes to. */
  readonly layer?: string;
  readonly logPath?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
}

const store = String.raw`\[root\]/(?:run|var/lib)/containers/storage/overlay-containers/([^/]+)/userdata/`;
const task = String.raw`\[root\](?:${containerdStates.join('|')})/io\.containerd\.runtime\.v2\.task/([^/]+)/([^/]+)/config\.json`;
const places = {
  docker: /^\[root\]\/var\/lib\/docker\/containers\/([^/]+)\/(?:config\.v2|hostconfig)\.json$/s,
  storage: new RegExp(`^${store}(?:config|state)\\.json$`, 's'),
  cri: /\/io\.containerd\.grpc\.v1\.cri\/containers\/([^/]+)\/status$/s,
  task: new RegExp(`^${task}$`, 's'),
} as const;

/**
 * Which container a file is of, by its name in the tar: runtime and id, so that what lies in the place of one runtime adds nothing
 * to a container of another. Undefined for files of many containers.
 */
export function containerOfFile(name: Buffer): string | undefined {
  const text = name.toString('latin1');
  const [, namespace = '', ofTask] = places.task.exec(text) ?? [];
  if (ofTask !== undefined) return inContainerd(namespace, ofTask);
  const docker = places.docker.exec(text)?.[1];
  if (docker !== undefined) return `docker ${docker}`;
  const stored = places.storage.exec(text)?.[1];
  if (stored !== undefined) return `storage ${stored}`;
  const cri = places.cri.exec(text)?.[1];
  return cri === undefined ? undefined : `containerd ${cri}`;
}

/** The same for an entry of a file of many containers: containerd's database, or the list of containers/storage. */
export function containerOfEntry({
  id,
  runtimeNamespace,
}: Pick<ContainerRecord, 'id' | 'runtimeNamespace'>): string {
  return runtimeNamespace === undefined ? `storage ${id}` : inContainerd(runtimeNamespace, id);
}

function inContainerd(namespace: string, id: string): string {
  // dockerd has its containers in this namespace of containerd.
  if (namespace === 'moby') return `docker ${id}`;
  return namespace === 'k8s.io' ? `containerd ${id}` : `containerd ${namespace} ${id}`;
}

/**
 * All that the files of one container tell. A specification says most truly what it was started with, so it goes before what a runtime
 * noted of the same; between others the later one does. `files`: how many files of its own it has, read or not.
 */
export function joinedContainer(
  of: string,
  records: readonly ContainerRecord[],
  files: number,
): ContainerRecord {
  const joined: ContainerRecord = { id: '' };
  // Not all at once: a list may name one container more often than a call takes arguments.
  for (const record of records) Object.assign(joined, record);
  Object.assign(joined, records.findLast(isSpec));
  // A task has a directory until it is deleted, the kubelet's containers a status.
  const idle = joined.runtimeNamespace !== undefined && files === 0;
  return { ...joined, ...(idle ? { state: 'no task' } : {}), ...present({ runtime: runtimeOf(of, joined) }) };
}

function isSpec(record: ContainerRecord): boolean {
  return record.hooks !== undefined;
}

function runtimeOf(of: string, { runtime, manager }: ContainerRecord): ContainerRecord['runtime'] {
  if (of.startsWith('docker ')) return 'docker';
  if (of.startsWith('containerd ')) return 'containerd';
  if (manager === 'cri-o') return 'cri-o';
  return manager === 'libpod' ? 'podman' : runtime;
}

/** A time of a runtime; undefined for none, which Go writes as the first of January of the year 1. */
export function runtimeTime(text: string | undefined): string | undefined {
  return text === undefined || text.startsWith('0001-') ? undefined : utcText(text);
}

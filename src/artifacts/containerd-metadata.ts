import type { BoltBucket } from './bolt.ts';
import { uvarint } from './bolt.ts';

/** A container as containerd's meta.db has it; it stays there until it is removed, whether it runs or not. */
export interface ContainerdContainer {
  /** Namespace of containerd: `k8s.io` for the kubelet's, `moby` for docker's, `default` for ctr's. */
  readonly namespace: string;
  readonly id: string;
  readonly image: string;
  /** Name of the runtime's shim, such as `io.containerd.runc.v2`. */
  readonly runtime: string;
  readonly snapshotter: string;
  /** Name of its snapshot inside the snapshotter; undefined when none is recorded. */
  readonly snapshot: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The OCI runtime specification as JSON; undefined when there is none. */
  readonly spec: Buffer | undefined;
}

/** A snapshot and the ones below it, as numbers of their directories; a container's own first. */
export interface SnapshotChain {
  readonly ids: readonly number[];
  /** True for a snapshot that may be written, which a container's is. */
  readonly active: boolean;
}

/** More layers than any kernel stacks (fs/overlayfs/ovl_entry.h, OVL_MAX_STACK is 500). */
const mostSnapshots = 512;
/** core/snapshots/snapshotter.go, KindActive. */
const activeKind = 2;

/** Namespaces of a meta.db and the ids of their containers (core/metadata/buckets.go). */
export function* containerdIds(metadata: BoltBucket): Generator<{ namespace: string; id: string }> {
  const version = metadata.bucket('v1');
  for (const namespace of version?.names() ?? [])
    for (const id of version?.bucket(namespace, 'containers')?.names() ?? []) yield { namespace, id };
}

/** One container of a meta.db; undefined when the namespace has none of that id. */
export function containerdContainer(
  metadata: BoltBucket,
  namespace: string,
  id: string,
): ContainerdContainer | undefined {
  const version = metadata.bucket('v1', namespace);
  const container = version?.bucket('containers', id);
  if (version === undefined || container === undefined) return undefined;
  const text = (key: string): string => container.get(key)?.toString('utf8') ?? '';
  const snapshotter = text('snapshotter');
  const spec = container.get('spec');
  return {
    namespace,
    id,
    image: text('image'),
    runtime: container.bucket('runtime')?.get('name')?.toString('utf8') ?? '',
    snapshotter,
    snapshot: version.bucket('snapshots', snapshotter, text('snapshotKey'))?.get('name')?.toString('utf8'),
    labels: Object.fromEntries(
      [...(container.bucket('labels')?.entries() ?? [])].map(({ key, value }) => [
        key.toString('utf8'),
        value.toString('utf8'),
      ]),
    ),
    spec: spec === undefined ? undefined : anyValue(spec),
  };
}

/**
 * The chain of a snapshot in a snapshotter's metadata.db (core/snapshots/storage/bolt.go). A text says why there is none:
 * it is not recorded, or the record leads in a circle.
 */
export function snapshotChain(snapshots: BoltBucket, name: string): SnapshotChain | string {
  const all = snapshots.bucket('v1', 'snapshots');
  const ids: number[] = [];
  let active = false;
  for (let next = name; next !== '';) {
    const snapshot = all?.bucket(next);
    const id = uvarint(snapshot?.get('id') ?? Buffer.alloc(0));
    if (snapshot === undefined || id === undefined)
      return ids.length === 0
        ? 'the snapshotter does not know its snapshot any more'
        : `snapshot ${ids.at(-1) ?? ''} lies on one that is not recorded`;
    if (ids.length === mostSnapshots) return 'its snapshots lead in a circle';
    if (ids.length === 0) active = snapshot.get('kind')?.[0] === activeKind;
    ids.push(id);
    next = snapshot.get('parent')?.toString('utf8') ?? '';
  }
  return { ids, active };
}

/** The bytes of `value` of a google.protobuf.Any: field 1 is the type's URL, field 2 the value (protobuf.dev, encoding). */
export function anyValue(bytes: Buffer): Buffer | undefined {
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    let length = 0;
    let shift = 1;
    at += 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || shift > 2 ** 42) return undefined;
      length += (byte & 0x7f) * shift;
      shift *= 128;
      at += 1;
      if (byte < 0x80) break;
    }
    if ((tag & 0x07) !== 2 || at + length > bytes.length) return undefined;
    if (tag >> 3 === 2) return bytes.subarray(at, at + length);
    at += length;
  }
  return undefined;
}

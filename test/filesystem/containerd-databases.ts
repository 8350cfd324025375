import type { BucketContents } from './bolt-writer.ts';
import { boltFile } from './bolt-writer.ts';

/** A container as a containerd of tests keeps it. */
export interface MadeContainer {
  readonly namespace?: string;
  readonly id: string;
  readonly snapshotter?: string;
  readonly snapshot?: string;
  readonly runtime?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: object;
  /** As Go writes a time in binary. */
  readonly created?: Buffer;
}

/** A meta.db with these containers, after core/metadata/buckets.go. */
export function metadataFile(containers: readonly MadeContainer[]): Buffer {
  const namespaces: Record<string, { containers: BucketContents; snapshots: BucketContents }> = {};
  for (const one of containers) {
    const { namespace = 'k8s.io', id, snapshotter = 'overlayfs', snapshot = `${namespace}/1/${id}` } = one;
    const before = namespaces[namespace];
    const { runtime = 'io.containerd.runc.v2', labels = {}, spec, created } = one;
    const container: BucketContents = {
      image: 'shop:1',
      snapshotter,
      snapshotKey: id,
      runtime: { name: runtime },
      labels,
      ...(created === undefined ? {} : { createdat: created }),
      ...(spec === undefined ? {} : { spec: anyOf(Buffer.from(JSON.stringify(spec))) }),
    };
    const known = (before?.snapshots[snapshotter] ?? {}) as BucketContents;
    namespaces[namespace] = {
      containers: { ...before?.containers, [id]: container },
      snapshots: { ...before?.snapshots, [snapshotter]: { ...known, [id]: { name: snapshot } } },
    };
  }
  return boltFile({ v1: namespaces });
}

/** A snapshotter's metadata.db: names with the number of their directory and the name below, after core/snapshots/storage. */
export function snapshotsFile(snapshots: Readonly<Record<string, readonly [number, string?]>>): Buffer {
  return boltFile({
    v1: {
      snapshots: Object.fromEntries(
        Object.entries(snapshots).map(([name, [id, parent]]) => [
          name,
          { id: uvarint(id), kind: Buffer.from([2]), ...(parent === undefined ? {} : { parent }) },
        ]),
      ),
    },
  });
}

function anyOf(value: Buffer): Buffer {
  const url = Buffer.from('types.containerd.io/opencontainers/runtime-spec/1/Spec');
  return Buffer.concat([
    Buffer.from([0x0a]),
    uvarint(url.length),
    url,
    Buffer.from([0x12]),
    uvarint(value.length),
    value,
  ]);
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

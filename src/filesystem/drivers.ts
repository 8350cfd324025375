import type { Mount } from '../artifacts/mountinfo.ts';
import type { Blind } from './pod-diff.ts';

/** Why the layers of a storage driver are not compared, and what to do instead. */
interface Unread {
  readonly why: string;
  readonly instead: string;
}

const volume: Unread = {
  why: 'it keeps every container on a volume or device of its own, which is not opened here',
  instead: 'image that volume from the node, and compare its files with a fresh unpacking of the image',
};
const remote: Unread = {
  why: 'the layers of its image are served by a program of the node and not all on its disk: reading them would fetch them from the registry',
  instead: 'compare the writable layer on the node with the image, pulled by its digest elsewhere',
};
const unread: Readonly<Record<string, Unread>> = {
  btrfs: volume,
  zfs: volume,
  devmapper: volume,
  blockfile: volume,
  windows: volume,
  erofs: {
    why: 'the layers of its image are files that hold file systems, which are not mounted here',
    instead: 'compare the writable layer on the node with the image, unpacked elsewhere',
  },
  stargz: remote,
  nydus: remote,
  soci: remote,
  overlaybd: remote,
  gcfs: remote,
  'fuse-overlayfs': {
    why: 'a program of the node makes its file system, and marks changes in its own way',
    instead: 'compare the writable layer on the node with a fresh unpacking of the image',
  },
};

/** What is said of a container whose layers the driver keeps in a way that can't be read here. `driver` is known or escaped by the caller. */
export function unreadDriver(driver: string): Blind {
  const reason = unread[driver];
  return {
    what: 'file system',
    why:
      reason === undefined
        ? `its storage is ${driver}, not overlay: changes can't be told from the image`
        : `its storage is ${driver}: ${reason.why}`,
    instead: reason?.instead ?? 'compare the files on the node with a fresh unpacking of the image',
  };
}

/** The storage driver of a root file system that is no overlay, from its mount: what only full copies and bind mounts tell in its path. */
export function driverOfRoot(mount: Mount): string {
  const root = mount.root.toString('latin1');
  const snapshotter = /\/io\.containerd\.snapshotter\.v1\.([a-z0-9-]+)\//.exec(root)?.[1];
  if (snapshotter !== undefined) return snapshotter === 'overlayfs' ? 'overlay' : snapshotter;
  if (/\/vfs\/dir\/[0-9a-f]{64}$/.test(root)) return 'vfs';
  if (mount.type === 'fuse.fuse-overlayfs') return 'fuse-overlayfs';
  if (/^\/dev\/mapper\/.*(?:snap|pool)/.test(mount.source.toString('latin1'))) return 'devmapper';
  return mount.type;
}

/**
 * The driver that serves the layers of an overlay from somewhere else than the node's disk; undefined for plain directories.
 * It is told by the mounts of the node below the layers and by the directories that such snapshotters are known to use.
 */
export function servedBy(lowers: readonly string[], nodeMounts: readonly Mount[]): string | undefined {
  const named = lowers
    .map(
      (lower) =>
        /(?:\/io\.containerd\.snapshotter\.v1\.|\/containerd-|\/)(stargz|nydus|soci|overlaybd|gcfs|erofs)(?:-snapshotter)?(?:-grpc)?\//.exec(
          lower,
        )?.[1],
    )
    .find((name) => name !== undefined);
  if (named !== undefined) return named;
  const mounts = new Map(nodeMounts.map((mount) => [mount.point.toString('latin1'), mount.type]));
  const types = lowers.map((lower) => mounts.get(lower));
  return types.find((type) => type !== undefined && /^(?:erofs$|fuse)/.test(type));
}

/** The sandbox that keeps a container's files to itself, from the name of a runtime or its class: gVisor and Kata. */
export function sandboxOf(name: string): string | undefined {
  return /gvisor|runsc/i.test(name) ? 'gVisor' : /kata/i.test(name) ? 'Kata' : undefined;
}

/** What is said of a container in a sandbox. */
export function sandboxed(sandbox: string): Blind {
  return {
    what: 'container',
    why: `${sandbox} keeps its file system inside a sandbox`,
    instead:
      sandbox === 'gVisor'
        ? 'save its changes on the node with: runsc tar rootfs-upper'
        : 'save it with the tools of that sandbox, on the node',
  };
}

import { isMalformed } from '../artifacts/lines.ts';
import type { Mount } from '../artifacts/mountinfo.ts';
import { parseMountinfo } from '../artifacts/mountinfo.ts';
import type { SpecMount } from '../artifacts/container-spec.ts';
import { pathText } from './path-text.ts';
import type { ContainerMount, MountContent } from './pod-diff.ts';

/** File systems of the kernel that hold no files of anybody. */
const pseudo = new Set([
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'mqueue',
  'devpts',
  'securityfs',
  'debugfs',
  'tracefs',
  'bpf',
]);

/** The lines of a mount table that are whole. */
export function readMounts(mountinfo: Buffer): Mount[] {
  return [...parseMountinfo(mountinfo)].filter((mount): mount is Mount => !isMalformed(mount));
}

/** Mount points other than `/`, one byte per character. */
export function mountPoints(mounts: readonly Mount[]): Set<string> {
  return new Set(mounts.map((mount) => mount.point.toString('latin1')).filter((point) => point !== '/'));
}

/**
 * What is mounted in the container beside its root: volumes, memory, the runtime's own. `nodeTable` is /proc/1/mountinfo of the node;
 * the root of a mount is relative to its file system, so the node's path is that of a mount of the same device above it.
 */
export function containerMounts(
  mounts: readonly Mount[],
  nodeTable: Buffer | undefined,
  contents: ReadonlyMap<Mount, MountContent> = new Map(),
): ContainerMount[] {
  const node = readMounts(nodeTable ?? Buffer.alloc(0));
  return mounts
    .filter(
      (mount) => mount.point.toString('latin1') !== '/' && !pseudo.has(mount.type) && !isOfDevices(mount),
    )
    .map((mount) => shownMount(mount, node, contents.get(mount)));
}

/** A mount as PodDiff shows it; `node` is the node's own table. */
export function shownMount(mount: Mount, node: readonly Mount[], content?: MountContent): ContainerMount {
  const nodePath = nodePathOf(mount, node);
  return {
    path: pathText(mount.point.toString('latin1')).path,
    type: pathText(mount.type).path,
    source: pathText(mount.source.toString('latin1')).path,
    readOnly: mount.options.includes('ro'),
    ...(nodePath === undefined ? {} : { nodePath: pathText(nodePath).path }),
    ...(content === undefined ? {} : { content }),
  };
}

/** The same for a container without processes, from its specification; the source of a bind mount is a path on the node. */
export function specMounts(mounts: readonly SpecMount[]): ContainerMount[] {
  return mounts
    .filter(
      ({ destination, type }) => !pseudo.has(type) && !/^\/(?:proc|sys)(?:\/|$)|^\/dev$/.test(destination),
    )
    .map(({ destination, type, source, readOnly }) => ({
      path: utf8Text(destination),
      type: utf8Text(type),
      source: utf8Text(source),
      readOnly,
      ...(type === 'bind' ? { nodePath: utf8Text(source) } : {}),
    }));
}

function utf8Text(text: string): string {
  return pathText(Buffer.from(text, 'utf8').toString('latin1')).path;
}

/** Mounts that hold what a user put there: neither the runtime's small files in /etc nor its memory under /dev and /proc. */
export function volumes(mounts: readonly ContainerMount[]): ContainerMount[] {
  return mounts.filter(
    ({ path }) => !/^\/(?:proc|sys|dev)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf)$/.test(path),
  );
}

/** The runtime's own /dev and the masks over files of /proc and /sys. */
function isOfDevices(mount: Mount): boolean {
  return /^\/(?:proc|sys)(?:\/|$)|^\/dev$/.test(mount.point.toString('latin1'));
}

/** Where the node has the directory that is mounted, one byte per character; undefined when it has no mount above it. */
export function nodePathOf(mount: Mount, node: readonly Mount[]): string | undefined {
  const root = mount.root.toString('latin1');
  const over = node
    .filter((candidate) => candidate.device === mount.device)
    .map((candidate) => ({
      base: candidate.root.toString('latin1'),
      point: candidate.point.toString('latin1'),
    }))
    .filter(({ base }) => root === base || root.startsWith(base === '/' ? '/' : `${base}/`))
    .sort((a, b) => b.base.length - a.base.length)[0];
  if (over === undefined) return undefined;
  const below = over.base === '/' ? root : root.slice(over.base.length);
  return `${over.point === '/' ? '' : over.point}${below === '/' ? '' : below}` || '/';
}

import { lines } from './lines.ts';

/** One line of /proc/PID/cgroup: cgroups(7). */
export interface CgroupMembership {
  /** 0 for the unified hierarchy. */
  readonly hierarchy: number;
  /** Controllers of a v1 hierarchy, `name=…` for a named one, none for v2. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** What a cgroup path says of the container that a process belongs to. */
export interface ContainerIdentity {
  /** 64 hex digits. */
  readonly containerId?: string;
  /** The pod's uid, with dashes. */
  readonly podUid?: string;
  /** Static pods: the hash of their manifest, equal to the annotation `kubernetes.io/config.hash`. */
  readonly podConfigHash?: string;
}

/** The memberships of one process; lines that are none are left out. */
export function parseCgroup(bytes: Buffer): CgroupMembership[] {
  const memberships: CgroupMembership[] = [];
  for (const line of lines(bytes)) {
    const match = /^([0-9]{1,9}):([^:]*):(\/.*)$/s.exec(line.bytes.toString('latin1'));
    if (match === null) continue;
    const [, hierarchy = '', controllers = '', path = ''] = match;
    memberships.push({
      hierarchy: Number(hierarchy),
      controllers: controllers.split(',').filter(Boolean),
      path,
    });
  }
  return memberships;
}

const containerSegment =
  /^(?:cri-containerd-|crio-|docker-|libpod-)?([0-9a-f]{64})(?:\.scope)?$|:cri-containerd:([0-9a-f]{64})$/;
const podSegment =
  /^(?:kubepods(?:-[a-z]+)?-)?pod(?:([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12})|([0-9a-f]{32}))(?:\.slice)?(?::cri-containerd:[0-9a-f]{64})?$/;

/**
 * Container and pod of a cgroup path, the deepest match of each, because kinds and nested runtimes repeat the pattern.
 * Layouts: cgroupfs `kubepods/burstable/podUID/ID`, systemd `kubepods-burstable-podUID.slice/cri-containerd-ID.scope`
 * (dashes of the uid written as `_`), both for containerd, CRI-O, docker and podman. `crio-conmon-…` is a monitor and no container.
 */
export function containerOf(path: string): ContainerIdentity {
  let identity: ContainerIdentity = {};
  for (const segment of path.split('/')) {
    const container = containerSegment.exec(segment);
    const containerId = container?.[1] ?? container?.[2];
    const pod = podSegment.exec(segment);
    const podUid = pod?.[1]?.replaceAll('_', '-');
    const podConfigHash = pod?.[2];
    if (podUid !== undefined) identity = { podUid };
    if (podConfigHash !== undefined) identity = { podConfigHash };
    if (containerId !== undefined) identity = { ...identity, containerId };
  }
  return identity;
}

/** The container of a process: the first of its memberships that names one, else the first that names a pod. */
export function containerOfProcess(memberships: readonly CgroupMembership[]): ContainerIdentity {
  const identities = memberships.map((membership) => containerOf(membership.path));
  return (
    identities.find((identity) => identity.containerId !== undefined) ??
    identities.find((identity) => identity.podUid !== undefined || identity.podConfigHash !== undefined) ??
    {}
  );
}

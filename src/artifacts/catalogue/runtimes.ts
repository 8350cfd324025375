import type { Artifact } from '../artifact.ts';

/** Of containerd itself, k3s, RKE2, docker, k0s and MicroK8s. */
const stores =
  '/var/{lib/containerd,lib/rancher/{k3s,rke2}/agent/containerd,lib/docker/containerd/daemon,lib/k0s/containerd,snap/microk8s/common/var/lib/containerd}';
const criRoots = `${stores}/io.containerd.grpc.v1.cri`;
const bundles =
  '/{run/{containerd,k3s/containerd,docker/containerd/daemon,k0s/containerd},var/snap/microk8s/common/run/containerd}/io.containerd.runtime.v2.task/*/*';

/** What runtimes keep of containers. */
export const runtimeArtifacts: readonly Artifact[] = [
  {
    name: 'specifications of containers',
    tier: 'runtime',
    where: [
      `${bundles}/config.json`,
      '/{run,var/lib}/containers/storage/overlay-containers/*/userdata/config.json',
    ],
    limit: '16Mi',
    parser: 'oci spec',
    why: 'Shows with which rights, mounts and namespaces each container was started, also those that the API does not know.',
    references: ['OCI runtime-spec config.md', 'T1610', 'T1611', 'MS-TA9018'],
  },
  {
    name: 'containers of docker',
    tier: 'runtime',
    where: ['/var/lib/docker/containers/*/config.v2.json'],
    limit: '16Mi',
    parser: 'docker container',
    why: 'Says what each container ran, from which image, when it started and how it ended, until it is removed.',
    references: ['moby daemon/container/container.go', 'T1610', 'MS-TA9018'],
  },
  {
    name: 'settings of containers of docker',
    tier: 'runtime',
    where: ['/var/lib/docker/containers/*/hostconfig.json'],
    limit: '16Mi',
    parser: 'docker settings',
    why: 'Says what of the node a container was given: rights, devices, namespaces.',
    references: ['moby api/types/container/hostconfig.go', 'T1610', 'T1611'],
  },
  {
    name: 'containers of CRI-O and podman',
    tier: 'runtime',
    where: ['/{run,var/lib}/containers/storage/overlay-containers/{,volatile-}containers.json'],
    limit: '256Mi',
    parser: 'containers storage',
    why: 'Names every container with its image and layer, also one that never started.',
    references: ['containers/storage containers.go', 'T1610'],
  },
  {
    name: 'containers of podman up to 4.7',
    tier: 'runtime',
    where: ['/{run,var/lib}/containers/storage/libpod/bolt_state.db'],
    limit: '256Mi',
    parser: 'podman bolt database',
    why: 'Says of every container of podman what it is called, whether it runs, since when, and how it ended.',
    references: ['podman libpod/boltdb_state_internal.go', 'T1610'],
  },
  {
    name: 'containers of podman since 4.8',
    tier: 'runtime',
    where: ['/{run,var/lib}/containers/storage/db.sql'],
    limit: '256Mi',
    parser: 'podman database',
    why: 'Says of every container of podman what it is called, whether it runs, since when, and how it ended.',
    references: ['podman libpod/sqlite_state_internal.go', 'T1610'],
  },
  {
    name: 'state of containers of CRI-O',
    tier: 'runtime',
    where: ['/var/lib/containers/storage/overlay-containers/*/userdata/state.json'],
    limit: '16Mi',
    parser: 'cri-o state',
    why: 'Says when each instance started and how it ended, also those that the API has forgotten.',
    references: ['cri-o internal/oci/container.go', 'T1610'],
  },
  {
    name: 'containers of containerd',
    tier: 'runtime',
    where: [`${stores}/io.containerd.metadata.v1.bolt/meta.db`],
    limit: '256Mi',
    parser: 'containerd database',
    why: 'Names every container in every namespace of containerd, also those that no kubelet knows and that never started.',
    references: ['containerd core/metadata/buckets.go', 'T1610', 'T1612'],
  },
  {
    name: 'state of containers of containerd',
    tier: 'runtime',
    where: [`${criRoots}/containers/*/status`],
    limit: '16Mi',
    parser: 'containerd status',
    why: 'Says when each instance started and how it ended, also those that the API has forgotten.',
    references: ['containerd internal/cri/store/container/status.go', 'T1610'],
  },
  {
    name: 'state of containers',
    tier: 'runtime',
    where: [
      '/run/{containerd,k3s/containerd}/runc/*/*/state.json',
      '/run/docker/runtime-runc/*/*/state.json',
      `${bundles}/*`,
      '/{run,var/lib}/containers/storage/overlay-containers/*/userdata/*',
      '/var/lib/docker/containers/*/*',
      `${criRoots}/{containers,sandboxes}/*/*`,
    ],
    limit: '16Mi',
    why: 'Holds what a runtime needs of each container beside its specification: cgroups, namespaces, process, addresses.',
    references: ['runc libcontainer/container.go', 'T1610'],
  },
  {
    name: 'databases of container runtimes',
    tier: 'runtime',
    where: [
      `${stores}/io.containerd.snapshotter.v1.*/metadata.db`,
      '/{run,var/lib}/containers/storage/**/*',
      '/var/lib/docker/{image/overlay2,network/files}/**/*',
    ],
    limit: '256Mi',
    why: 'Says which layers and images the node has, and of which container each is.',
    references: ['containerd core/snapshots/storage/bolt.go', 'T1610', 'T1612'],
  },
];

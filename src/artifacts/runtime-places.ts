/**
 * Where containerd keeps what runs: its own directory, that of k3s and RKE2, of docker, k0s and MicroK8s. Absolute paths on the node
 * (`state` in containerd's config.toml, and what those distributions start it with).
 */
export const containerdStates = [
  '/run/containerd',
  '/run/k3s/containerd',
  '/run/docker/containerd/daemon',
  '/run/k0s/containerd',
  '/var/snap/microk8s/common/run/containerd',
] as const;

/** Where the same keep containers, images and layers (`root` in config.toml). */
export const containerdStores = [
  '/var/lib/containerd',
  '/var/lib/rancher/k3s/agent/containerd',
  '/var/lib/rancher/rke2/agent/containerd',
  '/var/lib/docker/containerd/daemon',
  '/var/lib/k0s/containerd',
  '/var/snap/microk8s/common/var/lib/containerd',
] as const;

/** Directories of the node in which container runtimes put their sockets. */
export const socketDirectories: readonly string[] = [
  '/run',
  '/run/containerd',
  '/run/crio',
  '/run/docker',
  '/run/k0s',
  '/run/k3s/containerd',
  '/run/podman',
  '/var/snap/microk8s/common/run',
];

/** A socket of a container runtime, by its name: who can write to it starts what they like on the node. */
export const runtimeSocket = /\/(?:containerd|docker|crio|dockershim|cri-dockerd|podman|buildkitd)\.sock$/;

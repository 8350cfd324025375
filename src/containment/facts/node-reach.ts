import { runtimeSocket } from '../../artifacts/runtime-places.ts';
import type { Pod } from '../../cluster/objects.ts';

/**
 * Capabilities by which a process gets to its node: mounts and namespaces, links of the node's network, which who has NET_ADMIN in
 * any network can change and make (IFLA_TARGET_NETNSID, net/core/rtnetlink.c of the kernel), modules of the kernel, raw devices.
 */
const reaching = new Set(['ALL', 'SYS_ADMIN', 'NET_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH']);
/** Directories of the node whose content the node runs or believes, or that hold such a socket. */
const ruling =
  /^\/(?:$|(?:boot|dev|etc|home|opt|proc|root|sys|usr|var)$|etc\/(?:cron|kubernetes|systemd|ld\.so)|(?:var\/)?run(?:$|\/(?:containerd|crio|docker|k0s|k3s|podman))|var\/lib(?:$|\/(?:kubelet|containerd|containers|docker|k0s|rancher)(?:$|\/))|var\/snap(?:$|\/microk8s)|var\/spool\/cron)/;

/**
 * By what a pod may control its node, as its specification has it: then the cut can be undone from inside, and what the node
 * says of it is as told by a node that may not be ours any more. Empty for an ordinary pod.
 */
export function nodeReachOf({ spec }: Pod): string[] {
  const containers = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ];
  const bound = (name: string): boolean =>
    containers.some(({ volumeMounts }) => volumeMounts?.some((mount) => mount.name === name));
  return [
    ...containers
      .filter(({ securityContext }) => securityContext?.privileged === true)
      .map(({ name }) => `container ${name} is privileged`),
    ...(spec?.hostPID === true ? ['it shares the processes of the node (hostPID)'] : []),
    ...containers.flatMap(({ name, securityContext }) => {
      if (securityContext?.privileged === true) return [];
      const added = (securityContext?.capabilities?.add ?? []).map((one) =>
        one.toUpperCase().replace(/^CAP_/, ''),
      );
      const found = added.filter((one) => reaching.has(one));
      return found.length === 0 ? [] : [`container ${name} has ${found.join(', ')}`];
    }),
    ...(spec?.volumes ?? []).flatMap(({ name, hostPath }) => {
      if (hostPath === undefined || !bound(name)) return [];
      const path = hostPath.path.replace(/(?<=.)\/+$/, '');
      return runtimeSocket.test(path) || ruling.test(path) ? [`it mounts ${path} of the node`] : [];
    }),
  ];
}

import type { ItemHeader } from './item.ts';

/** Files that people put passwords and tokens into, among other things. Files that are secrets as a whole are not taken at all. */
const mixedFiles = [
  /^\[root\]\/proc\/[0-9]+\/(?:environ|cmdline)$/,
  /^\[root\]\/proc\/cmdline$/,
  /^\[root\]\/etc\/(?:kubernetes|rancher|cni|containerd|crio|containers|docker|default)\//,
  /^\[root\]\/(?:etc|var\/spool)\/(?:cron|at|anacron)/,
  /^\[root\]\/(?:etc|run)\/systemd\//,
  /^\[root\]\/etc\/(?:environment|fstab|profile|rc\.(?:d\/|local)|local\.d\/)/,
  /\/(?:\.[a-z_]*(?:history|profile|rc)|fish_history|config\.fish)$/,
  /^\[root\]\/.*\/\.ssh\//,
  /^\[root\]\/var\/lib\/(?:kubelet|rancher|k0s|cloud|docker|waagent|containers)\//,
  /^\[root\]\/var\/snap\/microk8s\//,
  /^\[root\]\/var\/.*\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/,
  /^\[root\]\/run\/(?:containerd|k0s|k3s|docker|containers|cloud-init)\//,
  /^live_response\/(?:process\/[0-9]+\/(?:exe|fd)|kubernetes\/|kubeconfigs\/)/,
] as const;

/** Artifacts that are content of files and memory of others. */
const filesOfOthers: readonly string[] = [
  ...['log', 'api-audit', 'podlog', 'container-file', 'container-store'],
  ...['secret', 'memory', 'temporary', 'executable'],
];

/** True for items of a node that may hold credentials beside other things: environments, command lines, logs, configuration, what runtimes keep of containers. */
export function mayHoldCredentials(header: Pick<ItemHeader, 'artifact' | 'name' | 'type'>): boolean {
  if (header.type !== 'file') return false;
  if (filesOfOthers.includes(header.artifact)) return true;
  const name = header.name.toString('latin1');
  return mixedFiles.some((pattern) => pattern.test(name));
}

import { kubectl } from './world.ts';

/** What a pod of a test is made of. */
export interface PodParts {
  readonly image: string;
  /** Runs in place of what the image runs. */
  readonly command?: readonly string[];
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Where a volume of its own is mounted. */
  readonly volume?: string;
  /** More of its container, which is called `main` otherwise. */
  readonly container?: object;
  /** More of its spec. */
  readonly spec?: object;
}

/** A pod with one container that ends at once when it is deleted. */
export function pod(name: string, parts: PodParts): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: parts.labels }, spec: podSpec(parts) };
}

/** A Deployment of one pod; its pods carry the label `app` with its name. */
export function deployment(name: string, parts: PodParts & { readonly annotations?: object }): object {
  const app = { app: name };
  const metadata = { labels: { ...app, ...parts.labels }, annotations: parts.annotations };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: app }, template: { metadata, spec: podSpec(parts) } },
  };
}

function podSpec({ image, container, command, node, volume, spec }: PodParts): object {
  const mounted = { volumeMounts: [{ name: 'volume', mountPath: volume }] };
  return {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image, command, ...(volume === undefined ? {} : mounted), ...container }],
    ...(volume === undefined ? {} : { volumes: [{ name: 'volume', emptyDir: {} }] }),
    ...spec,
  };
}

/** Applies objects in a namespace. */
export async function apply(namespace: string, items: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(['apply', '-n', namespace, '-f', '-'], list);
}

/** Waits until pods are ready: those named, else all of the namespace; a minute, if no other time is given. */
export async function untilReady(
  namespace: string,
  names: readonly string[] = [],
  seconds = 60,
): Promise<void> {
  const which = names.length === 0 ? ['pods', '--all'] : names.map((name) => `pod/${name}`);
  await kubectl(['wait', ...which, '-n', namespace, '--for=condition=Ready', `--timeout=${seconds}s`]);
}

/** Makes a namespace. Labels come with it: one that is given them later is judged without them for a moment. */
export async function createNamespace(
  namespace: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const metadata = { name: namespace, labels };
  await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }));
}

/** A container that counts as ready once a shell line in it succeeds. From then on nothing is run in it. */
export function readyWhen(line: string): object {
  const exec = { command: ['sh', '-c', line] };
  return { startupProbe: { exec, periodSeconds: 1, failureThreshold: 60 } };
}

/** A shell line that succeeds where something listens on a TCP port, by the states of proc_pid_net(5). */
export function listensOn(port: number): string {
  return inTables(`${hex(port)} 0*:0000 0A `);
}

/** The same for an established connection to a port. */
export function connectedTo(port: number): string {
  return inTables(`${hex(port)} 01 `);
}

/** A shell line that waits until another one succeeds. */
export function until(line: string): string {
  return `until ${line}; do sleep 0.1; done`;
}

function inTables(pattern: string): string {
  return `grep -qs ':${pattern}' /proc/net/tcp /proc/net/tcp6`;
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** Asks for the deletion of namespaces and what is in them; does not wait, and is content when there are none. */
export async function removeNamespaces(...namespaces: readonly string[]): Promise<void> {
  await kubectl(['delete', 'namespace', '--ignore-not-found', '--wait=false', ...namespaces]);
}

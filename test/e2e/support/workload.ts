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

/** Makes a namespace. */
export async function createNamespace(namespace: string): Promise<void> {
  await kubectl(['create', 'namespace', namespace]);
}

/** Asks for the deletion of namespaces and what is in them; does not wait, and is content when there are none. */
export async function removeNamespaces(...namespaces: readonly string[]): Promise<void> {
  await kubectl(['delete', 'namespace', '--ignore-not-found', '--wait=false', ...namespaces]);
}

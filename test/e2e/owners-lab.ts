import { labels } from '../../src/collector/names.ts';
import { processIo } from '../../src/output/io.ts';
import type { Outcome } from '../cluster/run.ts';
import { imageOf } from '../support/offer.ts';
import { apply, createNamespace, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

export const namespace = 'e2e-owners';
const io = processIo();

/** Services that the client asks, each with two endpoints. */
export const services = ['web', 'agent', 'db', 'bare'] as const;
export type ServiceName = (typeof services)[number];

/** Serves one page; ready at once and probed every second. */
const serving = {
  name: 'main',
  image: imageOf('toolbox'),
  command: ['sh', '-c', 'mkdir -p /w && echo ok >/w/index.html && exec httpd -f -p 8080 -h /w'],
  ports: [{ name: 'http', containerPort: 8080 }],
  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
};

/**
 * Asks each Service four times a second and keeps what came of it: `SERVICE SECONDS CODE`. A connection to a pod that is cut is
 * never made; one that is made is answered, however late on a busy machine.
 */
const asking = `
ask() {
  while :; do
    echo "$1 $(date +%s) $(curl -s --connect-timeout 3 -m 20 -o /dev/null -w '%{http_code}' "http://$2:8080/")" >>/tmp/asked
    sleep 0.25
  done
}
for pair in $PAIRS; do ask "\${pair%=*}" "\${pair#*=}" & done
wait`;

/** Starts a workload of each kind of owner with Services in front, a policy that allows everything, and a client. */
export async function startOwners(): Promise<void> {
  await createNamespace(namespace);
  await apply(namespace, [
    ...services.map(service),
    allowAll,
    web,
    agent,
    hostAgent,
    db,
    job,
    bare('bare-a'),
    bare('bare-b'),
  ]);
  await ready();
  const addresses = await kubectl([
    ...['get', 'services', '-n', namespace, ...services],
    ...['-o', 'jsonpath={range .items[*]}{.metadata.name}={.spec.clusterIP} {end}'],
  ]);
  await apply(namespace, [client(addresses)]);
  await untilReady(namespace, ['client']);
}

/** `kubectl ir` in the namespace of the lab, with the image that has every tool. */
export function ir(words: readonly string[]): Promise<Outcome> {
  return kubectlIr([...words, '-n', namespace, '--collector-image', imageOf('collector-full')]);
}

/** Names of running pods with a label, oldest first. */
export async function podsWith(selector: string): Promise<string[]> {
  const text = await kubectl([
    ...['get', 'pods', '-n', namespace, '-l', selector, '--sort-by=.metadata.creationTimestamp'],
    ...['--field-selector=status.phase=Running', '-o', 'jsonpath={.items[*].metadata.name}'],
  ]);
  return text.split(' ').filter(Boolean);
}

/** A field of a pod by its JSONPath. */
export function podField(pod: string, path: string): Promise<string> {
  return kubectl(['get', 'pod', pod, '-n', namespace, '-o', `jsonpath={${path}}`]);
}

/** Names of the pods that a Service lists. */
export async function listedBy(name: ServiceName): Promise<string[]> {
  const text = await kubectl([
    ...['get', 'endpointslices', '-n', namespace, '-l', `kubernetes.io/service-name=${name}`],
    ...['-o', 'jsonpath={.items[*].endpoints[*].targetRef.name}'],
  ]);
  return text.split(' ').filter(Boolean);
}

/** Seconds, by the client's clock, at which a Service did not answer with 200, from `since` on, and how often it was asked. */
export async function failuresOf(
  name: ServiceName,
  since: number,
): Promise<{ readonly asked: number; readonly failed: readonly string[] }> {
  const text = await kubectl(['exec', '-n', namespace, 'client', '--', 'cat', '/tmp/asked']);
  const lines = text
    .split('\n')
    // What is behind the last line end is none, or what kubectl lost the rest of.
    .slice(0, -1)
    .map((line) => line.split(' '))
    .filter(([service, second]) => service === name && Number(second) >= since);
  return {
    asked: lines.length,
    failed: lines.filter(([, , code]) => code !== '200').map((line) => line.join(' ')),
  };
}

/** Now, by the clock that client and test share. */
export function seconds(): number {
  return Math.floor(io.now().getTime() / 1000);
}

/** Whether the client reaches a pod itself. */
export async function reaches(address: string): Promise<boolean> {
  const ask = `curl -s -m 1 -o /dev/null -w '%{http_code}' http://${address}:8080/ || true`;
  return (await kubectl(['exec', '-n', namespace, 'client', '--', 'sh', '-c', ask])) === '200';
}

/**
 * Everything of the namespace, and what is ours in the cluster, as it was made: without versions, times, status, and what
 * controllers count; the pods only by those that are named.
 */
export async function dump(pods: readonly string[]): Promise<string> {
  const kinds =
    'services,networkpolicies,poddisruptionbudgets,replicasets,deployments,daemonsets,statefulsets,jobs';
  const wide = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
  const texts = [
    await kubectl(['get', kinds, '-n', namespace, '-o', 'json']),
    await kubectl(['get', 'pods', '-n', namespace, '-o', 'json', ...pods]),
    await kubectl(['get', wide, '-o', 'json']),
    await kubectl(['get', 'configmaps', '-A', '-l', labels.podUid, '-o', 'json']),
  ];
  const objects = texts.flatMap((text) => {
    const value = JSON.parse(text) as Item & { items?: Item[] };
    return value.items ?? [value];
  });
  return JSON.stringify(objects.map(asMade), undefined, 1);
}

interface Item {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function asMade(item: Item): unknown {
  const changing = ['resourceVersion', 'generation', 'managedFields', 'creationTimestamp'];
  const metadata = Object.entries(item.metadata).filter(([key]) => !changing.includes(key));
  return { ...item, metadata: Object.fromEntries(metadata), status: undefined };
}

async function ready(): Promise<void> {
  for (const kind of ['deployment/web', 'daemonset/agent', 'daemonset/host-agent', 'statefulset/db']) {
    await kubectl(['rollout', 'status', '-n', namespace, kind, '--timeout=90s']);
  }
  await untilReady(namespace);
}

function service(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 8080 }] },
  };
}

const allowAll = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'allow-all' },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
};

function template(app: string, container: object = serving): object {
  return {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
}

function workload(kind: string, name: string, spec: object, container?: object): object {
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { selector, template: template(name, container), ...spec },
  };
}

const web = workload('Deployment', 'web', { replicas: 2 });
const agent = workload('DaemonSet', 'agent', {});
const hostAgent = workload(
  'DaemonSet',
  'host-agent',
  {},
  { ...serving, ports: [{ containerPort: 8080, hostPort: 18_080 }] },
);
const db = workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db', podManagementPolicy: 'Parallel' });

const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job' },
  spec: { template: { metadata: { labels: { app: 'job' } }, spec: jobSpec() } },
};

function jobSpec(): object {
  return { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [serving] };
}

function bare(name: string): object {
  const pod = template('bare') as { metadata: object; spec: object };
  return { apiVersion: 'v1', kind: 'Pod', ...pod, metadata: { ...pod.metadata, name } };
}

function client(pairs: string): object {
  const container = {
    name: 'main',
    image: imageOf('toolbox'),
    command: ['sh', '-c', asking],
    env: [{ name: 'PAIRS', value: pairs.trim() }],
  };
  const spec = { terminationGracePeriodSeconds: 0, containers: [container] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'client' }, spec };
}

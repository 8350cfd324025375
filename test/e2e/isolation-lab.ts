import type { Outcome } from '../cluster/run.ts';
import { nodeRules } from '../support/node-rules.ts';
import { imageOf } from '../support/offer.ts';
import { interrupted } from './support/interrupted.ts';
import { apply, createNamespace, deployment, pod, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, onNode } from './support/world.ts';

export const namespace = 'e2e-isolate';
const flags = ['-n', namespace, '--collector-image', imageOf('collector-full')];

/** Listens on TCP 9001 and UDP 9002 (DTLS) and keeps what comes. */
const sink = `
nc -ll -p 9001 -e sh -c 'cat >>/tmp/tcp' &
while :; do
  sleep 100000 | openssl s_server -quiet -dtls1_2 -accept 9002 -nocert -psk 1234 >>/tmp/udp 2>/dev/null
  sleep 1
done`;

/** A web server with a probe every 2 s x 3 that also holds two connections to the sink, ten lines a second each, with its own name in them. */
const shop = `
mkdir -p /w && echo ok >/w/index.html
lines() { while :; do echo "$HOSTNAME"; sleep 0.1; done; }
while :; do lines | nc "$PEER" 9001; sleep 1; done &
while :; do lines | openssl s_client -quiet -dtls1_2 -connect "$PEER:9002" -psk 1234; sleep 1; done &
nc -ll -p 9100 -e cat &
exec httpd -f -p 8080 -h /w`;

/** Runs `kubectl ir` with the image that has nft. */
export const ir = (args: readonly string[]): Promise<Outcome> => kubectlIr([...args, ...flags]);

/** Runs isolate and interrupts it `afterMs` after its stderr first holds `text`. */
export const interruptedIsolate = (
  podName: string,
  caseDir: string,
  when: { readonly text: string; readonly afterMs: number },
): Promise<Outcome> => interrupted(['isolate', podName, '--yes', '--case', caseDir, ...flags], when);

/** Starts on each of two nodes a shop, and on the other one the sink that it talks to. */
export async function startLab(nodes: readonly [string, string]): Promise<void> {
  const [a, b] = nodes;
  const pairs = [
    [a, b],
    [b, a],
  ] as const;
  const image = imageOf('toolbox');
  await createNamespace(namespace);
  await apply(namespace, [
    otherPolicy,
    ...pairs.map(([node, other]) =>
      pod(`sink-of-${node}`, { image, command: ['sh', '-c', sink], node: other }),
    ),
  ]);
  await untilReady(namespace);
  for (const node of nodes) {
    const peer = await kubectl([
      ...['get', 'pod', `sink-of-${node}`, '-n', namespace, '-o', 'jsonpath={.status.podIP}'],
    ]);
    await apply(namespace, [service(node), shopOn(node, image, peer)]);
  }
  const shops = nodes.map((node) => `deploy/shop-${node}`);
  await kubectl(['rollout', 'status', '-n', namespace, '--timeout=60s', ...shops]);
}

/** The one pod that the ReplicaSet of a node's shop has. */
export async function shopPod(node: string): Promise<string> {
  const text = await kubectl([
    ...['get', 'pods', '-n', namespace, '-l', `app=shop-${node}`, '-o', 'jsonpath={.items[*].metadata.name}'],
  ]);
  if (!/^\S+$/.test(text)) throw new Error(`not one pod: ${text}`);
  return text;
}

/** Lines of a pod of a node's shop that arrived at its sink, over TCP and UDP. */
export async function arrived(node: string, podName: string): Promise<{ tcp: number; udp: number }> {
  const script = `grep -c '${podName}' /tmp/tcp; grep -c '${podName}' /tmp/udp; true`;
  const text = await kubectl(['exec', '-n', namespace, `sink-of-${node}`, '--', 'sh', '-c', script]);
  const [tcp = 0, udp = 0] = text.trim().split('\n').map(Number);
  return { tcp, udp };
}

/** What release must bring back in the cluster: labels, annotations and owner of the pod, and the policies as they are. */
export async function clusterState(podName: string): Promise<string> {
  const object = JSON.parse(await kubectl(['get', 'pod', podName, '-n', namespace, '-o', 'json'])) as {
    metadata: { labels: unknown; annotations: unknown; ownerReferences: unknown };
  };
  const { labels, annotations, ownerReferences } = object.metadata;
  const policies = JSON.parse(await kubectl(['get', 'networkpolicy', '-n', namespace, '-o', 'json'])) as {
    items: { metadata: object }[];
  };
  // The server counts writes, those that change nothing too; whose they were is in managedFields.
  const kept = policies.items.map(({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, resourceVersion: undefined, managedFields: undefined },
  }));
  return JSON.stringify({ labels, annotations, ownerReferences, policies: kept }, undefined, 1);
}

/** What release must bring back on a node: links, routes and rules, those of a chain and of routing in their order. */
export async function nodeState(node: string): Promise<string> {
  let last: string | undefined;
  // kube-proxy may be writing its rules; two equal readings are one state.
  await eventually('a node at rest', async () => {
    const now = await readNode(node);
    const same = now !== undefined && now === last;
    last = now;
    return same;
  });
  return last ?? '';
}

/** Waits until kube-proxy of a node leads to so many shops: a slice has no endpoint at first, and one that has just become ready is refused. */
export async function untilServed(node: string, shops: number): Promise<void> {
  await eventually(`${shops} shops in the rules of ${node}`, async () => {
    const slices = await kubectl(['get', 'endpointslices', '-n', namespace, '-o', 'json']);
    const { items } = JSON.parse(slices) as {
      items: { endpoints: { addresses: string[] }[] | null; ports: { port: number }[] | null }[];
    };
    const served = items.flatMap(({ endpoints, ports }) =>
      (endpoints ?? []).flatMap(({ addresses }) =>
        addresses.flatMap((address) => (ports ?? []).map(({ port }) => `${address}:${port}`)),
      ),
    );
    const rules = await readNode(node);
    return served.length === shops && served.every((one) => rules?.includes(one) === true);
  });
}

/** What is read of a node, and how it is compared. A route is chosen by its prefix and metric, in whatever order they stand. */
const readings: readonly (readonly [string, (text: string) => string])[] = [
  ...['nft list ruleset', 'iptables-save', 'ip6tables-save'].map((one) => [one, nodeRules] as const),
  ...['ip -o link', 'ip -4 rule', 'ip -6 rule'].map((one) => [one, String] as const),
  ...['ip -4 route show table all', 'ip -6 route show table all'].map(
    (one) => [one, (text: string) => text.split('\n').sort().join('\n')] as const,
  ),
];

/** Undefined when the reading failed, as when rules change while they are listed. */
async function readNode(node: string): Promise<string | undefined> {
  const mark = '=====';
  const commands = readings.map(([one]) => `${one} && echo ${mark}`);
  const { code, stdout } = await onNode(node, commands.join(' && '));
  if (code !== 0) return undefined;
  const texts = stdout.split(`${mark}\n`);
  return readings.map(([one, told], i) => `${one}\n${told(texts[i] ?? '')}`).join('\n');
}

export async function uidOf(podName: string): Promise<string> {
  return kubectl(['get', 'pod', podName, '-n', namespace, '-o', 'jsonpath={.metadata.uid}']);
}

/** Starts a pod on its node's own network, which isolate refuses. */
export async function startHostNetworkPod(node: string): Promise<void> {
  const parts = { image: imageOf('toolbox'), command: ['sleep', '3600'], node };
  await apply(namespace, [pod('on-host', { ...parts, spec: { hostNetwork: true } })]);
  await untilReady(namespace);
}

/** A pod that shares the processes of its node, one of whose own went into the node's network. */
export async function startPodInNodesNetwork(node: string): Promise<void> {
  const command = ['sh', '-c', 'nsenter -t 1 -n sleep 3600 & exec sleep 3600'];
  const container = { securityContext: { privileged: true } };
  const parts = { image: imageOf('toolbox'), command, node, container, spec: { hostPID: true } };
  await apply(namespace, [pod('gone-out', parts)]);
  await untilReady(namespace, ['gone-out']);
}

/** A policy of somebody else, for pods that are not there. */
const otherPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'others', labels: { tier: 'none' }, annotations: { 'example.org/kept': 'as it is' } },
  spec: {
    podSelector: { matchLabels: { app: 'none' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { tier: 'web' } } }], ports: [{ port: 8080 }] }],
    egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }],
  },
};

function service(node: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `shop-${node}` },
    spec: { selector: { app: `shop-${node}` }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

function shopOn(node: string, image: string, peer: string): object {
  const probe = { periodSeconds: 2, failureThreshold: 3 };
  return deployment(`shop-${node}`, {
    image,
    command: ['sh', '-c', shop],
    node,
    labels: { tier: 'web' },
    annotations: { 'example.org/kept': 'as it is' },
    container: {
      env: [{ name: 'PEER', value: peer }],
      ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9100 }],
      livenessProbe: { httpGet: { path: '/', port: 'http' }, ...probe },
      readinessProbe: { tcpSocket: { port: 8080 }, ...probe },
    },
  });
}

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { processIo } from '../../src/output/io.ts';
import { attempt, type Outcome, run } from '../cluster/run.ts';

/** Nodes of the test cluster, each with its own runtime. */
export const nodes = ['node-a', 'node-b'] as const;
export type NodeName = (typeof nodes)[number];

export const namespace = 'e2e-isolate';
const { env } = processIo();
/** An image with nft. */
const image = env['KUBECTL_IR_COLLECTOR_FULL_IMAGE'] ?? 'lab.local/collector-full:1';

/** Listens on TCP 9001 and UDP 9002 (DTLS) and keeps what comes. */
const sink = `
nc -ll -p 9001 -e sh -c 'cat >>/tmp/tcp' &
while :; do
  sleep 100000 | openssl s_server -quiet -dtls1_2 -accept 9002 -nocert -psk 1234 >>/tmp/udp 2>/dev/null
  sleep 1
done`;

/** A web server with a probe every 2 s x 3 that also holds two connections to the sink, 20 lines a second each, with its own name in them. */
const shop = `
mkdir -p /w && echo ok >/w/index.html
lines() { while :; do echo "$HOSTNAME"; sleep 0.05; done; }
while :; do lines | nc "$PEER" 9001; sleep 1; done &
while :; do lines | openssl s_client -quiet -dtls1_2 -connect "$PEER:9002" -psk 1234; sleep 1; done &
nc -ll -p 9100 -e cat &
exec httpd -f -p 8080 -h /w`;

export const kubectl = (args: readonly string[], input?: string): Promise<string> =>
  run('kubectl', args, input === undefined ? {} : { input });

export const onNode = (node: NodeName, script: string): Promise<Outcome> =>
  attempt(process.execPath, [resolve('test/cluster/main.ts'), 'shell', node, 'sh', '-c', script]);

export const other = (node: NodeName): NodeName => (node === 'node-a' ? 'node-b' : 'node-a');

/** Runs `kubectl ir` with the image that has nft. */
export const ir = (args: readonly string[]): Promise<Outcome> =>
  attempt('kubectl', ['ir', ...args, '-n', namespace, '--collector-image', image]);

/** Starts a sink on each node and a shop that talks to the sink of the other node. */
export async function startLab(): Promise<void> {
  await kubectl(['create', 'namespace', namespace]);
  await apply(nodes.map((node) => pod(`sink-${node}`, node, sink)));
  await ready();
  const shops = await Promise.all(
    nodes.map(async (node) => {
      const peer = await kubectl([
        ...['get', 'pod', `sink-${other(node)}`, '-n', namespace, '-o', 'jsonpath={.status.podIP}'],
      ]);
      return [service(node), deployment(node, peer)];
    }),
  );
  await apply(shops.flat());
  await kubectl([
    ...['rollout', 'status', '-n', namespace, '--timeout=60s', ...nodes.map((node) => `deploy/shop-${node}`)],
  ]);
}

export async function stopLab(): Promise<void> {
  await kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
}

/** The one pod that the ReplicaSet of a node's shop has. */
export async function shopPod(node: NodeName): Promise<string> {
  const text = await kubectl([
    ...['get', 'pods', '-n', namespace, '-l', `app=shop-${node}`, '-o', 'jsonpath={.items[*].metadata.name}'],
  ]);
  if (!/^\S+$/.test(text)) throw new Error(`not one pod: ${text}`);
  return text;
}

/** Lines of a pod that arrived at the sink of the other node, over TCP and UDP. */
export async function arrived(node: NodeName, podName: string): Promise<{ tcp: number; udp: number }> {
  const script = `grep -c '${podName}' /tmp/tcp; grep -c '${podName}' /tmp/udp; true`;
  const text = await kubectl(['exec', '-n', namespace, `sink-${other(node)}`, '--', 'sh', '-c', script]);
  const [tcp = 0, udp = 0] = text.trim().split('\n').map(Number);
  return { tcp, udp };
}

/**
 * What release must bring back: labels, annotations and owner of the pod, policies, and the node's links, routes and
 * rules, line by line. Counters are left out; lines are sorted, because kube-proxy writes its chains in any order.
 */
export async function state(node: NodeName, podName: string): Promise<string> {
  let last = '';
  // kube-proxy may be writing its rules; two equal readings are one state.
  await eventually('a node at rest', async () => {
    const now = await reading(node, podName);
    const same = now === last && now !== unread;
    last = now;
    return same;
  });
  return last;
}

/** Stands for a reading that failed, as when rules change while they are listed. */
const unread = 'not read';

async function reading(node: NodeName, podName: string): Promise<string> {
  const object = JSON.parse(await kubectl(['get', 'pod', podName, '-n', namespace, '-o', 'json'])) as {
    metadata: { labels: unknown; annotations: unknown; ownerReferences: unknown };
  };
  const { labels, annotations, ownerReferences } = object.metadata;
  const policies = await kubectl(['get', 'networkpolicy', '-n', namespace, '-o', 'name']);
  const host = await onNode(
    node,
    'nft list ruleset && iptables-save && ip6tables-save && ip -o link && ip route && ip rule',
  );
  if (host.code !== 0) return unread;
  const rules = host.stdout
    .replaceAll(/counter packets \d+ bytes \d+/g, 'counter')
    .replaceAll(/\[\d+:\d+\]/g, '[0:0]')
    .replaceAll(/^# .*$/gm, '#')
    .split('\n')
    .sort()
    .join('\n');
  return `${JSON.stringify({ labels, annotations, ownerReferences }, undefined, 1)}\n${policies}\n${rules}`;
}

/** Waits until a command says yes; throws with `what` after 30 s. */
export async function eventually(what: string, test: () => Promise<boolean>): Promise<void> {
  const io = processIo();
  const end = io.monotonic() + 30_000;
  while (!(await test())) {
    if (io.monotonic() > end) throw new Error(`not within 30 s: ${what}`);
    await io.sleep(500);
  }
}

/** Names of what we have in the cluster for one pod: collectors, records, policies, labelled pods, rules of its node. */
export async function oursFor(uid: string): Promise<string> {
  const kinds = ['pods', 'configmaps', 'networkpolicies'];
  const objects = await Promise.all(
    kinds.map((kind) => kubectl(['get', kind, '-A', '-l', `kubectl-ir/pod-uid=${uid}`, '-o', 'name'])),
  );
  const tables = await Promise.all(nodes.map((node) => onNode(node, `nft list tables | grep ${uid}`)));
  return [...objects, ...tables.map((table) => table.stdout)].join('');
}

export async function uidOf(podName: string): Promise<string> {
  return kubectl(['get', 'pod', podName, '-n', namespace, '-o', 'jsonpath={.metadata.uid}']);
}

/** Runs isolate and interrupts it `delayMs` after its stderr first holds `text`. */
export function interruptedIsolate(
  podName: string,
  caseDir: string,
  text: string,
  delayMs: number,
): Promise<Outcome> {
  const args = [
    'ir',
    'isolate',
    podName,
    '-n',
    namespace,
    '--yes',
    '--collector-image',
    image,
    '--case',
    caseDir,
  ];
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env } });
  let stdout = '';
  let stderr = '';
  let sent = false;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (sent || !stderr.includes(text)) return;
    sent = true;
    setTimeout(() => child.kill('SIGINT'), delayMs);
  });
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code) => settle({ code: code ?? -1, stdout, stderr }));
  });
}

async function apply(items: readonly unknown[]): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

async function ready(): Promise<void> {
  await kubectl(['wait', 'pods', '--all', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
}

function pod(name: string, node: NodeName, script: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'main', image: 'lab.local/toolbox:1', command: ['sh', '-c', script] }],
    },
  };
}

/** A pod on its node's own network, which isolate refuses. */
export async function startHostNetworkPod(): Promise<void> {
  const one = pod('on-host', 'node-a', 'sleep 3600') as { spec: Record<string, unknown> };
  await apply([{ ...one, spec: { ...one.spec, hostNetwork: true } }]);
  await ready();
}

function service(node: NodeName): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `shop-${node}`, namespace },
    spec: { selector: { app: `shop-${node}` }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

function deployment(node: NodeName, peer: string): unknown {
  const labels = { app: `shop-${node}` };
  const probe = { periodSeconds: 2, failureThreshold: 3 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `shop-${node}`, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, tier: 'web' }, annotations: { 'example.org/kept': 'as it is' } },
        spec: {
          nodeName: node,
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'web',
              image: 'lab.local/toolbox:1',
              command: ['sh', '-c', shop],
              env: [{ name: 'PEER', value: peer }],
              ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9100 }],
              livenessProbe: { httpGet: { path: '/', port: 'http' }, ...probe },
              readinessProbe: { tcpSocket: { port: 8080 }, ...probe },
            },
          ],
        },
      },
    },
  };
}

import { readdir, readFile } from 'node:fs/promises';
import type { Io } from '../../../src/output/io.ts';
import { ask, send } from '../api.ts';
import type { Layout } from '../layout.ts';

/** A pod to be made; `ports` gives names to ports. */
export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
  /** Command of the toolbox image; without one the pod only holds its namespaces. */
  readonly command?: readonly string[];
}

/** A running pod: its addresses, and a process (as the machine counts) in its network namespace. */
export interface RunningPod extends PodPlan {
  readonly addresses: readonly string[];
  readonly pid: number;
}

/** Makes a namespace, and waits for the service account without which no pod may be made in it. */
export async function makeNamespace(
  layout: Layout,
  name: string,
  labels: Readonly<Record<string, string>>,
  io: Io,
): Promise<void> {
  await send(layout, 'POST', '/api/v1/namespaces', { metadata: { name, labels } });
  await until(io, `the service account of ${name}`, () =>
    ask(layout, `/api/v1/namespaces/${name}/serviceaccounts/default`),
  );
}

/** Makes a pod. */
export async function makePod(layout: Layout, plan: PodPlan): Promise<void> {
  const { namespace, name, node, labels = {}, hostNetwork = false, command } = plan;
  const image = command === undefined ? 'lab.local/pause:1' : 'lab.local/toolbox:1';
  // A port of the host's network is the node's to give out.
  const ports = hostNetwork
    ? []
    : [
        { name: 'http', containerPort: 8080 },
        { name: 'names', containerPort: 5300, protocol: 'UDP' },
      ];
  const container = { name: 'main', image, ports, ...(command === undefined ? {} : { command }) };
  await send(layout, 'POST', `/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, labels },
    spec: {
      nodeName: node,
      hostNetwork,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [container],
    },
  });
}

/** Waits until a pod runs. */
export async function running(layout: Layout, plan: PodPlan, io: Io): Promise<RunningPod> {
  return until(io, `pod ${plan.namespace}/${plan.name} to run`, async () => {
    const body = await ask(layout, `/api/v1/namespaces/${plan.namespace}/pods/${plan.name}`);
    if (body === undefined) return undefined;
    const { metadata, status } = JSON.parse(body) as PodObject;
    const addresses = status.podIPs?.map(({ ip }) => ip) ?? [];
    const pid = status.phase === 'Running' ? await processOf(metadata.uid) : undefined;
    return pid === undefined || addresses.length === 0 ? undefined : { ...plan, addresses, pid };
  });
}

interface PodObject {
  readonly metadata: { readonly uid: string };
  readonly status: { readonly phase?: string; readonly podIPs?: readonly { readonly ip: string }[] };
}

/** A process of a pod, by the cgroup that kubelet gives the pod (`…/podUID/…`). */
async function processOf(uid: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    if (cgroups.includes(`/pod${uid}/`)) return Number(pid);
  }
  return undefined;
}

/** Asks until there is an answer; throws with `what` after a minute. */
export async function until<T>(io: Io, what: string, ready: () => Promise<T | undefined>): Promise<T> {
  const deadline = io.monotonic() + 60_000;
  for (;;) {
    const answer = await ready();
    if (answer !== undefined) return answer;
    if (io.monotonic() > deadline) throw new Error(`Waited a minute in vain for ${what}`);
    await io.sleep(100);
  }
}

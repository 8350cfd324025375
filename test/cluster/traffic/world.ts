import type { Io } from '../../../src/output/io.ts';
import { type Layout, network, outside, planNodes } from '../layout.ts';
import { readRecord } from '../record.ts';
import type { Place } from './connection.ts';
import { Host } from './hosts.ts';
import { makeNamespace, makePod, type PodPlan, running } from './pods.ts';

/** The hosts that connections are tried between. */
export interface World {
  readonly places: readonly Place[];
  /** The one host of a role on a node. */
  host(role: string, node: string): Host;
  end(): Promise<void>;
}

const namespaces = { shop: {}, ops: { team: 'ops' }, signal: {} };

/** Roles of pods, as recipes name them. */
const pods: readonly Pick<PodPlan, 'namespace' | 'name' | 'hostNetwork'>[] = [
  { namespace: 'shop', name: 'web' },
  { namespace: 'shop', name: 'cart' },
  { namespace: 'shop', name: 'stranger' },
  { namespace: 'shop', name: 'host', hostNetwork: true },
  { namespace: 'ops', name: 'cart' },
  { namespace: 'ops', name: 'stranger' },
  { namespace: 'signal', name: 'signal' },
];

/** Makes the namespaces, a pod of each role on each node of a cluster of two, and a host in each and outside. */
export async function startWorld(layout: Layout, io: Io): Promise<World> {
  const names = Object.entries(namespaces);
  await Promise.all(names.map(([name, labels]) => makeNamespace(layout, name, labels, io)));
  const nodes = planNodes(2);
  const plans = nodes.flatMap((node) =>
    pods.map((pod) => ({
      ...pod,
      name: `${pod.name}-${node.name}`,
      node: node.name,
      labels: { app: pod.name },
    })),
  );
  for (const plan of plans) await makePod(layout, plan);
  const inside = plans.map(async (plan): Promise<Place> => {
    const { addresses, pid } = await running(layout, plan, io);
    const host = await Host.start(plan.name, pid, addresses);
    const role = plan.namespace === 'ops' ? `ops/${plan.labels.app}` : plan.labels.app;
    const node = nodes.find((each) => each.name === plan.node);
    return { role, host, addresses, answer: plan.name, ...(node === undefined ? {} : { node }) };
  });
  const places = [...(await Promise.all(inside)), ...(await outsidePlaces(layout))];
  return {
    places,
    host: (role, node) => {
      const host = places.find((place) => place.role === role && place.node?.name === node)?.host;
      if (host === undefined) throw new Error(`There is no ${role} on ${node}`);
      return host;
    },
    end: async () => {
      await Promise.all(places.map(async (place) => place.host?.end()));
    },
  };
}

/** One host outside with the addresses of two, and the cluster's DNS, which is asked for the API's service. */
async function outsidePlaces(layout: Layout): Promise<Place[]> {
  const holder = (await readRecord(layout))?.daemons.outside?.pid;
  if (holder === undefined) throw new Error('The cluster has no outside');
  const here = ['198.51.100.7', '2001:db8::7'];
  const c2 = [outside.c2.address, outside.c2.address6];
  const host = await Host.start('outside', holder, [...here, ...c2]);
  return [
    { role: 'outside', host, addresses: here, answer: host.name },
    { role: 'c2', host, addresses: c2, answer: host.name },
    { role: 'dns', addresses: [network.dns, network.dns6], answer: network.apiService },
  ];
}

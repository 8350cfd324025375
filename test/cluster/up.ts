import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { ask, nodeStates } from './api.ts';
import { buildPrograms, type Programs } from './build.ts';
import { collectorBusybox } from './collector-busybox.ts';
import { controllers, type Server, storeAndApi, writeControlPlaneFiles } from './control-plane.ts';
import { resolvesNames, startDns } from './dns.ts';
import { down } from './down.ts';
import { importImages } from './enter.ts';
import { catalogue } from './images/catalogue.ts';
import { writeImages } from './images/oci.ts';
import { type Layout, type NodePlan, planNodes } from './layout.ts';
import {
  claimMachine,
  raiseInotifyLimit,
  readSysctls,
  requireBridgeFilter,
  requireFreePorts,
} from './machine.ts';
import { connectMachine, connectNode, ownNamespace, requireFreeRanges, requireIpv6 } from './network.ts';
import { addStaticPod, waitForFurniture } from './node-furniture.ts';
import { buildNodePackages } from './node-packages.ts';
import { startNode, waitForPolicyRules, waitForRuntime } from './node.ts';
import { startOutside, startOutsideServers } from './outside.ts';
import { installPackages } from '../support/packages.ts';
import { clusterNeeds } from './needs.ts';
import { makePki } from './pki.ts';
import { grantPolicyRights, type Policy } from './policy.ts';
import { type Part, partOf, startDaemon } from './processes.ts';
import { bootId, type ClusterRecord, readRecord, requireOwnDirectory, writeRecord } from './record.ts';

/** What a start is about. */
interface Start {
  readonly layout: Layout;
  readonly nodes: readonly NodePlan[];
  readonly policy: Policy;
  readonly programs: Programs;
  /** Path of the collector's busybox. */
  readonly busybox: string;
  /** Layer of the nodes' own Debian packages. */
  readonly nodePackages: string;
  readonly io: Io;
}

/** What the user asks of a cluster; what is not said is as it is, or as by default. */
export interface Wishes {
  readonly nodes?: number;
  readonly policy?: Policy;
}

/**
 * Starts a cluster (of two nodes that enforce policies) and waits until pods can run on each. Does nothing (and
 * returns false) when it is up already; clears away first what an interrupted start or stop left.
 */
export async function up(
  layout: Layout,
  wishes: Wishes,
  io: Io,
  say: (line: string) => Promise<void>,
): Promise<boolean> {
  if (process.getuid?.() !== 0) {
    throw new OperationError('The test cluster makes namespaces and mounts, which takes root', {
      advice: 'Run this as root, or set KUBECONFIG to a cluster of your own.',
    });
  }
  const found = await readRecord(layout);
  const dead = found === undefined ? undefined : await whatIsDead(layout, found);
  if (found !== undefined && dead === undefined) {
    refuseAnother(found, wishes);
    await waitForNodes(layout, found.nodes, io);
    return false;
  }
  await requireOwnDirectory(layout);
  await claimMachine(layout);
  if (dead !== undefined) {
    await say(`clearing away a cluster whose ${dead}`);
    await down(layout, io);
    await claimMachine(layout);
  }
  await installPackages(clusterNeeds, io, say);
  const programs = await buildPrograms(io, say);
  const busybox = await collectorBusybox(io, say);
  const nodePackages = await buildNodePackages(io, say);
  await requireIpv6();
  await requireFreeRanges();
  await requireFreePorts();
  const policy = wishes.policy ?? 'enforce';
  if (policy === 'enforce') await requireBridgeFilter();
  await mkdir(layout.directory, { recursive: true, mode: 0o700 });
  const planned = planNodes(wishes.nodes ?? 2);
  await start({ layout, nodes: planned, policy, programs, busybox, nodePackages, io });
  return true;
}

function refuseAnother(found: ClusterRecord, { nodes = found.nodes, policy = found.policy }: Wishes): void {
  const differs =
    nodes !== found.nodes
      ? `${found.nodes} nodes, not ${nodes}`
      : policy !== found.policy
        ? `--policy ${found.policy}, not ${policy}`
        : undefined;
  if (differs === undefined) return;
  throw new OperationError(`The cluster is up with ${differs}`, {
    advice: 'End it first: npm run cluster -- down',
  });
}

/** What of a recorded cluster is not there any more, in words; undefined when all its processes run. */
export async function whatIsDead(layout: Layout, record: ClusterRecord): Promise<string | undefined> {
  if (record.boot !== (await bootId())) return 'machine has been restarted';
  if (record.phase !== 'up') return 'start was interrupted';
  for (const [name, part] of Object.entries(record.daemons)) {
    if ((await partOf(part.pid))?.started !== part.started) return `${name} has ended`;
  }
  return (await ask(layout, '/readyz')) === undefined ? 'API server does not answer' : undefined;
}

async function waitForNodes(layout: Layout, count: number, io: Io): Promise<void> {
  await waitUntil(layout, io, 'the nodes to be ready', 'kubelet.log of the node that is not', async () => {
    return (await nodeStates(layout)).filter((node) => node.ready).length === count;
  });
}

async function start(s: Start): Promise<void> {
  const { layout, nodes } = s;
  const record: ClusterRecord = {
    phase: 'starting',
    boot: await bootId(),
    nodes: nodes.length,
    policy: s.policy,
    sysctls: await readSysctls(),
    images: [],
    daemons: {},
  };
  await writeRecord(layout, record);
  await raiseInotifyLimit();
  await symlink(s.nodePackages, layout.nodePackages);
  const daemons: Record<string, Part> = {};
  const note: Note = async (name, pid) => {
    const part = await partOf(pid);
    if (part === undefined)
      throw new OperationError(`${name} ended at once`, { advice: `Look into ${layout.logs}` });
    daemons[name] = part;
  };
  await Promise.all([writeControlPlaneFiles(layout), makePki(layout, nodes)]);
  for (const server of storeAndApi(layout)) await startServer(s, server, note);
  const images = catalogue(s.programs, s.busybox).then((list) => writeImages(layout.images, list));
  const [references] = await Promise.all([images, startControllers(s, note), startNodes(s, images, note)]);
  await mkdir(layout.bin);
  await symlink(join(s.programs.kubelab, 'kubelab'), join(layout.bin, 'kubectl'));
  await symlink(join(s.programs.talk, 'talk'), join(layout.bin, 'talk'));
  await startDns(layout);
  await waitForNodes(layout, nodes.length, s.io);
  await waitUntil(s.layout, s.io, 'the default service account', 'kube-controller-manager.log', async () => {
    return (await ask(layout, '/api/v1/namespaces/default/serviceaccounts/default')) !== undefined;
  });
  for (const { name } of nodes) {
    const init = daemons[name]?.pid ?? 0;
    await waitUntil(layout, s.io, `names on ${name}`, 'kube-scheduler.log', () => resolvesNames(init));
    await waitForFurniture({ name, init }, s.io);
  }
  const started: ClusterRecord = { ...record, phase: 'up', images: references, daemons };
  const dead = await whatIsDead(layout, started);
  if (dead !== undefined)
    throw new OperationError(`During the start, ${dead}`, { advice: `Look into ${layout.logs}` });
  await writeRecord(layout, started);
}

async function startServer(s: Start, server: Server, note: Note): Promise<void> {
  const pid = await startDaemon(
    {
      program: join(s.programs.kubelab, 'kubelab'),
      args: [server.name, ...server.args],
      log: join(s.layout.logs, `${server.name}.log`),
      cluster: s.layout.directory,
    },
    s.io,
  );
  await note(server.name, pid);
}

async function startControllers(s: Start, note: Note): Promise<void> {
  await waitUntil(s.layout, s.io, 'the API server', 'kube-apiserver.log', async () => {
    return (await ask(s.layout, '/readyz')) !== undefined;
  });
  if (s.policy === 'enforce') await grantPolicyRights(s.layout);
  for (const server of controllers(s.layout)) await startServer(s, server, note);
}

async function startNodes(s: Start, images: Promise<unknown>, note: Note): Promise<void> {
  const { layout, nodes, io } = s;
  const holder = await startOutside(layout, io);
  await note('outside', holder);
  await connectMachine(holder, nodes);
  for (const [name, pid] of Object.entries(await startOutsideServers(layout, s.programs, holder, io))) {
    await note(name, pid);
  }
  await Promise.all(
    nodes.map(async (node) => {
      const parent = await startNode(layout, node, s.policy, s.programs, io);
      await ownNamespace(parent, io);
      await connectNode(holder, node, parent, nodes);
      const init = await waitForRuntime(parent, node, layout, io);
      await note(node.name, init);
      await images;
      const running = { name: node.name, init };
      await importImages(running, layout.images);
      await addStaticPod(running);
      if (s.policy === 'enforce') await waitForPolicyRules(init, node, io);
    }),
  );
}

type Note = (name: string, pid: number) => Promise<void>;

async function waitUntil(
  layout: Layout,
  io: Io,
  what: string,
  log: string,
  done: () => Promise<boolean>,
): Promise<void> {
  const deadline = io.monotonic() + 90_000;
  while (!(await done())) {
    if (io.monotonic() > deadline) {
      throw new OperationError(`Waited 90 s for ${what} in vain`, {
        advice: `See ${log} in ${layout.logs}; after \`down\` the next \`up\` begins anew.`,
      });
    }
    await io.sleep(50);
  }
}

import { parseArgs } from 'node:util';
import { exitCode, UsageError } from '../../src/output/errors.ts';
import { type Io, writeLine } from '../../src/output/io.ts';
import { nodeStates } from './api.ts';
import { down } from './down.ts';
import { importImages, shell, shellOutside } from './enter.ts';
import { layoutOf, type Layout } from './layout.ts';
import { takeLock } from './machine.ts';
import { nodeNamed, recordOfCluster, runningNodes } from './nodes.ts';
import { policies } from './policy.ts';
import { readRecord } from './record.ts';
import { up, whatIsDead, type Wishes } from './up.ts';

const usage = `usage: npm run cluster -- COMMAND
  up [--nodes N] [--policy enforce|none]
                           start the cluster, 1 to 4 nodes (2 if not given), with nodes that enforce
                           NetworkPolicies (if not given) or don't, and wait until it can be used
  down                     end it and remove all it made
  status                   nodes, images and where things lie
  load IMAGE.tar           import images (OCI or docker archive) on every node
  shell NODE [COMMAND…]    a root shell on a node; NODE may be outside, whose network is the internet of the nodes
  kubeconfig               path of the administrator's kubeconfig`;

/** Runs one command of the test cluster; returns its exit code. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const say = (line: string): Promise<void> => writeLine(io.stderr, line);
  const layout = layoutOf(io.env);
  const [command, ...rest] = args;
  switch (command) {
    case 'up':
      return locked(io, say, () => startCluster(layout, rest, io, say));
    case 'down':
      return locked(io, say, async () => {
        await say((await down(layout, io)) ? 'cluster ended' : 'there is no cluster');
        return exitCode.done;
      });
    case 'status':
      return printStatus(layout, io);
    case 'load':
      return load(layout, rest, io);
    case 'shell': {
      const [node = '', ...what] = rest;
      const record = await recordOfCluster(layout);
      const holder = record.daemons['outside']?.pid;
      if (node === 'outside' && holder !== undefined) return shellOutside(holder, what);
      return shell(nodeNamed(record, node), what);
    }
    case 'kubeconfig':
      await writeLine(io.stdout, layout.kubeconfig);
      return exitCode.done;
    default:
      throw new UsageError(usage);
  }
}

async function locked(
  io: Io,
  say: (line: string) => Promise<void>,
  work: () => Promise<number>,
): Promise<number> {
  const giveBack = await takeLock(io, say);
  try {
    return await work();
  } finally {
    giveBack();
  }
}

async function startCluster(
  layout: Layout,
  args: readonly string[],
  io: Io,
  say: (line: string) => Promise<void>,
): Promise<number> {
  const wishes = parseWishes(args);
  const begun = io.monotonic();
  const started = await up(layout, wishes, io, say);
  const seconds = ((io.monotonic() - begun) / 1000).toFixed(1);
  await say(started ? `cluster up in ${seconds} s` : 'the cluster is up already');
  await say(`export KUBECONFIG=${layout.kubeconfig} PATH=$PATH:${layout.bin}`);
  return exitCode.done;
}

function parseWishes(args: readonly string[]): Wishes {
  const { nodes, policy } = parseFlags(args);
  if (nodes !== undefined && !/^[1-4]$/.test(nodes)) {
    throw new UsageError('--nodes takes a number from 1 to 4');
  }
  const known = policies.find((each) => each === policy);
  if (known !== policy) throw new UsageError(`--policy takes one of ${policies.join(' ')}`);
  return {
    ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
    ...(known === undefined ? {} : { policy: known }),
  };
}

function parseFlags(args: readonly string[]): { nodes?: string; policy?: string } {
  try {
    return parseArgs({
      args: [...args],
      options: { nodes: { type: 'string' }, policy: { type: 'string' } },
    }).values;
  } catch {
    throw new UsageError(usage);
  }
}

async function printStatus(layout: Layout, io: Io): Promise<number> {
  const record = await readRecord(layout);
  if (record === undefined) {
    await writeLine(io.stdout, `no cluster in ${layout.directory}`);
    return exitCode.failed;
  }
  const dead = await whatIsDead(layout, record);
  const lines = [
    `cluster     ${dead === undefined ? 'up' : `broken: its ${dead}`}`,
    `state       ${layout.directory}`,
    `kubeconfig  ${layout.kubeconfig}`,
    `policies    ${record.policy === 'enforce' ? 'enforced' : 'accepted, not enforced'}`,
    ...(await nodeStates(layout)).map(
      (node) =>
        `node        ${node.name} ${node.ready ? 'Ready' : 'NotReady'} kubelet ${node.kubelet} ${node.runtime}`,
    ),
    ...record.images.map((image) => `image       ${image.tagged} = ${image.pinned}`),
  ];
  await writeLine(io.stdout, lines.join('\n'));
  return dead === undefined ? exitCode.done : exitCode.failed;
}

async function load(layout: Layout, args: readonly string[], io: Io): Promise<number> {
  const [tar, ...more] = args;
  if (tar === undefined || more.length > 0) throw new UsageError(usage);
  const record = await recordOfCluster(layout);
  for (const node of runningNodes(record)) {
    await importImages(node, tar);
    await writeLine(io.stderr, `${tar} imported on ${node.name}`);
  }
  return exitCode.done;
}

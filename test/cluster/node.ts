import { access, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import type { Programs } from './build.ts';
import { type Layout, machine, nodeDirectory, type NodePlan } from './layout.ts';
import { writeNodeFiles } from './node-files.ts';
import { type Policy, policyReady } from './policy.ts';
import { startDaemon } from './processes.ts';
import { run } from './run.ts';

/**
 * Starts a node: makes its disk and files, and the process that becomes its PID 1. Returns the pid of that
 * process's parent, which is in the node's network namespace; the services wait for the node's link.
 */
export async function startNode(
  layout: Layout,
  node: NodePlan,
  policy: Policy,
  programs: Programs,
  io: Io,
): Promise<number> {
  const directory = nodeDirectory(layout, node);
  await mkdir(join(directory, 'disk'), { recursive: true });
  const disk = join(directory, 'disk.img');
  await writeFile(disk, '');
  await truncate(disk, diskSize);
  await Promise.all([
    run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1', disk]),
    writeNodeFiles(layout, node, policy, io.now()),
  ]);
  const containerd = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
  return startDaemon(
    {
      program: 'unshare',
      args: [
        ...[
          '--mount',
          '--propagation',
          'private',
          '--pid',
          '--fork',
          '--kill-child',
          '--uts',
          '--ipc',
          '--net',
        ],
        '/bin/sh',
        join(import.meta.dirname, 'node', 'enter.sh'),
        node.name,
        `${machine.cgroupPrefix}${node.name}`,
        directory,
        join(programs.kubelab, 'kubelab'),
        ...(node.runtime === 'containerd-2' ? containerd.map((name) => join(programs.containerd, name)) : []),
      ],
      log: join(layout.logs, `${node.name}.log`),
      cluster: layout.directory,
    },
    io,
  );
}

/** 8 GiB, sparse. */
const diskSize = 8 * 1024 ** 3;

/** Pid of the PID 1 of the node that process `parent` started, once its container runtime answers. */
export async function waitForRuntime(
  parent: number,
  node: NodePlan,
  layout: Layout,
  io: Io,
): Promise<number> {
  const deadline = io.monotonic() + 60_000;
  while (io.monotonic() < deadline) {
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => undefined);
    if (children === undefined) break;
    const init = Number(children.trim().split(' ')[0]);
    const socket = `/proc/${init}/root/run/containerd/containerd.sock`;
    if (init > 0 && (await isNode(init)) && (await exists(socket))) return init;
    await io.sleep(25);
  }
  throw new OperationError(`The container runtime of ${node.name} did not start`, {
    advice: `Look at ${join(layout.logs, `${node.name}.log`)} and, on the node, /var/log/containerd.log.`,
  });
}

/** Waits until the rules of NetworkPolicies stand on the node whose PID 1 is `init`. */
export async function waitForPolicyRules(init: number, node: NodePlan, io: Io): Promise<void> {
  const deadline = io.monotonic() + 60_000;
  while (!(await exists(`/proc/${init}/root${policyReady}`))) {
    if (io.monotonic() > deadline) {
      throw new OperationError(`No NetworkPolicies are enforced on ${node.name}`, {
        advice: 'Look at /var/log/network-policy.log on the node.',
      });
    }
    await io.sleep(25);
  }
}

async function isNode(init: number): Promise<boolean> {
  const command = await readFile(`/proc/${init}/cmdline`, 'utf8').catch(() => '');
  return command.includes('/usr/local/sbin/node-services');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

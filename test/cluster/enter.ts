import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { OperationError } from '../../src/output/errors.ts';
import { machine } from './layout.ts';
import { nodeCgroups } from './machine.ts';

/** A running node: its name and the pid (as the machine counts) of its PID 1. */
export interface RunningNode {
  readonly name: string;
  readonly init: number;
}

/** Imports the images of a tar file into a node's container runtime, under the names in the tar. */
export async function importImages(node: RunningNode, tar: string): Promise<void> {
  await access(tar).catch((cause: unknown) => {
    throw new OperationError(`Can't read ${tar}`, { cause });
  });
  const command = ['ctr', '-n', 'k8s.io', 'images', 'import', '-'];
  const child = await enter(node, command, ['pipe', 'pipe', 'pipe']);
  if (child.stdin === null || child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = exitCodeOfChild(child);
  // When ctr ends early its own words matter, not the broken pipe.
  await pipeline(createReadStream(tar), child.stdin).catch(() => undefined);
  if ((await ended) === 0) return;
  throw new OperationError(
    `Could not import ${tar} on ${node.name}: ${(await said).join('').trim().split('\n').at(-1) ?? ''}`,
  );
}

/** Opens a shell on a node, or runs a command there, on our terminal; returns its exit code. */
export async function shell(node: RunningNode, command: readonly string[]): Promise<number> {
  const what = command.length === 0 ? ['/bin/bash', '-l'] : command;
  return exitCodeOfChild(await enter(node, what, 'inherit'));
}

/** The same in the network of the outside, which process `holder` holds, with the files of the machine. */
export async function shellOutside(holder: number, command: readonly string[]): Promise<number> {
  const what = command.length === 0 ? ['/bin/bash'] : command;
  return exitCodeOfChild(
    spawn('nsenter', [`--net=/proc/${holder}/ns/net`, ...what], { stdio: 'inherit', cwd: '/' }),
  );
}

/** A command as it is started. */
export interface Started {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a command starts in all that a node has of its own: cgroups, namespaces, root; with a root login's environment. */
export async function inNode(node: RunningNode, command: readonly string[]): Promise<Started> {
  const name = `${machine.cgroupPrefix}${node.name}`;
  const cgroups = (await nodeCgroups()).filter((path) => path.endsWith(`/${name}`));
  const join = 'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs"; shift; done; shift; exec "$@"';
  const namespaces = ['--target', String(node.init), '--all', '--root', '--wdns=/'];
  return {
    program: 'sh',
    args: ['-c', join, 'sh', ...cgroups, '--', 'nsenter', ...namespaces, ...command],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      TERM: 'xterm',
    },
  };
}

async function enter(
  node: RunningNode,
  command: readonly string[],
  stdio: StdioOptions,
): Promise<ChildProcess> {
  const { program, args, env } = await inNode(node, command);
  return spawn(program, args, { stdio, env });
}

async function exitCodeOfChild(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 128;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, readdir, readlink, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { type Layout, machine, network } from './layout.ts';
import { readRecord } from './record.ts';
import { attempt, run } from './run.ts';

/**
 * Takes the lock that lets one start or stop run at a time on this machine, waiting for it, and returns the
 * function that gives it back. The kernel gives it back too when this process is killed.
 */
export async function takeLock(io: Io, say: (line: string) => Promise<void>): Promise<() => void> {
  const child = spawn('flock', [`${machine.owner}.lock`, 'sh', '-c', 'echo; read -r _'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const taken = once(child.stdout, 'data');
  const slow = await Promise.race([taken.then(() => false), io.sleep(300).then(() => true)]);
  if (slow) await say('another start or stop is running; waiting for it');
  await taken;
  return () => child.stdin.end();
}

/** State directory of the cluster that this machine runs; undefined when it runs none. */
export async function ownerOf(): Promise<string | undefined> {
  return readlink(machine.owner).catch(() => undefined);
}

/** Makes this cluster the machine's one. Throws OperationError when another state directory holds it. */
export async function claimMachine(layout: Layout): Promise<void> {
  const owner = await ownerOf();
  if (owner === layout.directory) return;
  if (owner !== undefined && (await readRecord({ record: join(owner, 'cluster.json') }))) {
    throw new OperationError(`This machine runs a cluster already, from ${owner}`, {
      advice: `Use that one, or end it first: KUBECTL_IR_CLUSTER_DIR=${owner} npm run cluster -- down`,
    });
  }
  await rm(machine.owner, { force: true });
  await symlink(layout.directory, machine.owner);
}

/** Throws OperationError when a port of the control plane is taken. */
export async function requireFreePorts(): Promise<void> {
  for (const port of [network.apiPort, network.etcdPort, network.etcdPort + 1, 10257, 10259]) {
    const socket = connect(port, '127.0.0.1');
    const taken = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (!taken) continue;
    throw new OperationError(
      `Something on this machine listens on 127.0.0.1:${port}, which the cluster needs`,
      {
        advice: `Find it with: ss -ltnp sport = ${port}`,
      },
    );
  }
}

/** Throws OperationError when the kernel does not lead packets between the ports of a bridge through the rules of IP. */
export async function requireBridgeFilter(): Promise<void> {
  const there = (): Promise<boolean> =>
    access('/proc/sys/net/bridge').then(
      () => true,
      () => false,
    );
  if (await there()) return;
  await attempt('modprobe', ['br_netfilter']).catch(() => undefined);
  if (await there()) return;
  throw new OperationError(
    'This kernel has no br_netfilter, without which pods on one bridge escape NetworkPolicies',
    {
      advice: 'Load the module, or start with: npm run cluster -- up --policy none',
    },
  );
}

/** Settings that the cluster changes for the whole machine, by path below /proc/sys. */
export async function readSysctls(): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of [...kubeletSysctls, inotifyInstances]) {
    const value = await readFile(join('/proc/sys', name), 'utf8').catch(() => undefined);
    if (value !== undefined) values[name] = value.trim();
  }
  return values;
}

/** Kubelet's kernel tunables. */
const kubeletSysctls = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const;

const inotifyInstances = 'fs/inotify/max_user_instances';

/** Raises the number of inotify instances that root may have: a kubelet takes seven of the 128, and ends without. */
export async function raiseInotifyLimit(): Promise<void> {
  const path = join('/proc/sys', inotifyInstances);
  if (Number(await readFile(path, 'utf8')) < 1024) await writeFile(path, '1024');
}

/** Puts settings back; no others are touched whatever the record says. */
export async function restoreSysctls(values: Readonly<Record<string, string>>): Promise<void> {
  for (const name of [...kubeletSysctls, inotifyInstances]) {
    const value = values[name];
    if (value !== undefined) await writeFile(join('/proc/sys', name), value);
  }
}

/** Removes the nodes' cgroups from every hierarchy, once their processes are gone. */
export async function removeCgroups(io: Io): Promise<void> {
  const deadline = io.monotonic() + 15_000;
  for (;;) {
    const left = await nodeCgroups();
    for (const path of left) await removeTree(path);
    if (left.length === 0) return;
    if (io.monotonic() > deadline) {
      throw new OperationError(`Could not remove the cgroup ${left[0] ?? ''}`, {
        advice: 'A process in it does not end; see its cgroup.procs.',
      });
    }
    await io.sleep(50);
  }
}

/** Paths of the nodes' cgroups that exist. */
export async function nodeCgroups(): Promise<string[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const found: string[] = [];
  for (const [, path = '', type = ''] of mounts) {
    if (!/^cgroup2?$/.test(type)) continue;
    const names = await readdir(path).catch(() => []);
    found.push(
      ...names.filter((name) => name.startsWith(machine.cgroupPrefix)).map((name) => join(path, name)),
    );
  }
  return found;
}

async function removeTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name));
  await rmdir(path).catch(() => undefined);
}

/** Frees loop devices that still hold a disk of the cluster: the kernel does it itself with the last mount. */
export async function freeLoops(layout: Layout, io: Io): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const listed = await run('losetup', ['--noheadings', '--output', 'NAME,BACK-FILE']);
    const ours = listed.split('\n').filter((line) => line.includes(`${layout.directory}/`));
    if (ours.length === 0) return;
    if (tries === 40) for (const line of ours) await run('losetup', ['-d', line.trim().split(/\s/)[0] ?? '']);
    await io.sleep(50);
  }
}

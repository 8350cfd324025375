import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import { processIo } from '../../src/output/io.ts';
import { nodeStates, send } from '../cluster/api.ts';
import { layoutOf, machine, nodeDirectory, type NodePlan } from '../cluster/layout.ts';
import { writeNodeFiles } from '../cluster/node-files.ts';
import { makeNodePki } from '../cluster/pki.ts';
import { readRecord } from '../cluster/record.ts';
import type { Outcome } from '../cluster/run.ts';
import { type Bootable, bootable, kernelPackages } from './kernel.ts';
import type { Unpacked } from '../support/unpacked.ts';
import { Port } from './port.ts';

const io = processIo();
const readyMs = 420_000;
/** Hangs the machine's link on the cluster's bridge. */
const link = join(import.meta.dirname, 'link.sh');

/** No pods are on a network there. */
const plan: NodePlan = {
  name: 'node-k',
  runtime: 'containerd-2',
  links: 'bridge',
  address: '10.94.0.10',
  address6: 'fd00:10:94::a',
  pods: '10.244.10.0/24',
  pods6: 'fd00:10:244:a::/64',
};

/** A node of the test cluster that is a machine with a kernel of its own: what happens to that kernel happens to nothing else. */
export interface Machine {
  /** Name of the node. */
  readonly name: string;
  /** A shell script on the node. */
  sh(script: string): Promise<Outcome>;
  /** Ends the machine, and takes its node out of the cluster. */
  stop(): Promise<void>;
}

/**
 * Boots a machine and waits until it is a ready node of the test cluster that is up; needs root and an amd64 processor. Throws
 * OperationError with the last words of its console when it does not come up.
 */
export async function startMachine(): Promise<Machine> {
  const packages = await kernelPackages();
  const layout = layoutOf(io.env);
  const holder = (await readRecord(layout))?.daemons['outside']?.pid;
  if (holder === undefined) throw new OperationError(`No cluster is up in ${layout.directory}`);
  const place = nodeDirectory(layout, plan);
  const root = join(place, 'files');
  await rm(place, { recursive: true, force: true });
  await makeNodePki(layout, plan);
  await writeNodeFiles(layout, plan, 'none', io.now());
  await writeFile(join(root, 'etc/address'), `${plan.address}/24\n`);
  const boot = await bootable(packages, root);
  // One that a killed test left is ready for a while yet.
  const removeNode = (): Promise<void> =>
    send(layout, 'DELETE', `/api/v1/nodes/${plan.name}`).catch(() => undefined);
  await removeNode();
  const child = spawn(
    'nsenter',
    [
      `--net=/proc/${holder}/ns/net`,
      'setpriv',
      '--pdeathsig',
      'KILL',
      ...(await qemu(packages, boot, place)),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...io.env, LD_LIBRARY_PATH: packages.libraries, [machine.mark]: layout.directory },
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close');
  const lives = (): boolean => child.exitCode === null && child.signalCode === null;
  let port: Port | undefined;
  const stop = async (): Promise<void> => {
    port?.close();
    child.kill('SIGKILL');
    await closed;
    await removeNode();
    await rm(place, { recursive: true });
  };
  const deadline = io.monotonic() + readyMs;
  const ready = async (): Promise<boolean> =>
    (await nodeStates(layout)).some(({ name, ready }) => name === plan.name && ready);
  try {
    while (!(await ready())) {
      if (!lives() || io.monotonic() > deadline) throw new Error(said);
      await io.sleep(250);
    }
    port = await Port.open(join(place, 'node'));
  } catch (cause) {
    const last = (await readFile(join(place, 'console'), 'utf8').catch(() => ''))
      .split('\n')
      .slice(-8)
      .join('\n');
    await stop();
    throw new OperationError(`The machine with a kernel of its own did not come up: ${last}`, { cause });
  }
  const opened = port;
  return { name: plan.name, sh: (script) => opened.run(script), stop };
}

/** The command of a machine, whose console and port are files in `place`, and whose link is in the network that it is run in. */
async function qemu(
  { directory }: Unpacked,
  { kernel, files }: Bootable,
  place: string,
): Promise<readonly string[]> {
  const share = (name: string): string => join(directory, 'usr/share', name);
  return [
    join(directory, 'usr/bin/qemu-system-x86_64'),
    ...['-L', share('qemu'), '-L', share('seabios'), '-nodefaults', '-no-user-config'],
    ...['-display', 'none', '-no-reboot'],
    ...['-machine', 'q35', '-smp', '1', '-m', '1G', ...(await processor())],
    // Emulated, page tables that change with every system call are twice the price of all the rest.
    ...[
      '-kernel',
      kernel,
      '-initrd',
      files,
      '-append',
      'console=ttyS0 quiet panic=-1 mitigations=off no_timer_check',
    ],
    ...['-serial', `file:${join(place, 'console')}`, '-device', 'virtio-serial'],
    ...['-chardev', `socket,id=node,path=${join(place, 'node')},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=node,name=node'],
    ...['-netdev', `tap,id=wire,ifname=${plan.name},script=${link},downscript=no`],
    ...['-device', 'virtio-net-pci,netdev=wire,romfile='],
  ];
}

/** The processor's own virtualization, where its driver is; other drivers of /dev/kvm run no kernel that was not made for them. */
async function processor(): Promise<string[]> {
  for (const driver of ['kvm_amd', 'kvm_intel'])
    if ((await usable(`/sys/module/${driver}`)) && (await usable('/dev/kvm')))
      return ['-accel', 'kvm', '-cpu', 'host'];
  return ['-accel', 'tcg,thread=multi', '-cpu', 'Nehalem'];
}

function usable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

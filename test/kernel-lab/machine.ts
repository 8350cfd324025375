import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import { processIo } from '../../src/output/io.ts';
import type { Outcome } from '../cluster/run.ts';
import type { FakeExec } from '../fake-api/fake-exec.ts';
import { bootable, kernelPackages } from './kernel.ts';
import { Port } from './port.ts';

const io = processIo();
const collectors = ['collector-1', 'collector-2', 'collector-3'];
const bootMs = 120_000;

/** A machine with a kernel of its own, without a network: what happens to that kernel happens to nothing else. */
export interface Machine {
  /** A shell line on the node. */
  sh(line: string): Promise<Outcome>;
  /** Runs what the API server is asked to run in the collector's container. */
  serve(exec: FakeExec): Promise<void>;
  stop(): Promise<void>;
}

/** Boots a machine; needs root and an amd64 processor. Throws OperationError with the last words of its console when it does not come up. */
export async function startMachine(): Promise<Machine> {
  const packages = await kernelPackages();
  const place = await mkdtemp(join(tmpdir(), 'kubectl-ir-machine-'));
  const { kernel, files } = await bootable(packages, place);
  const console = join(place, 'console');
  const names = ['node', ...collectors];
  const share = (name: string): string => join(packages.directory, 'usr/share', name);
  const child = spawn(
    'unshare',
    [
      ...['--net', 'setpriv', '--pdeathsig', 'KILL'],
      join(packages.directory, 'usr/bin/qemu-system-x86_64'),
      ...[
        '-L',
        share('qemu'),
        '-L',
        share('seabios'),
        '-nodefaults',
        '-no-user-config',
        '-display',
        'none',
        '-no-reboot',
      ],
      ...['-machine', 'q35', '-smp', '2', '-m', '512M', ...(await processor())],
      ...['-kernel', kernel, '-initrd', files, '-append', 'console=ttyS0 quiet panic=-1'],
      ...['-serial', `file:${console}`, '-device', 'virtio-serial'],
      ...names.flatMap((name) => [
        ...['-chardev', `socket,id=${name},path=${join(place, name)},server=on,wait=off`],
        ...['-device', `virtserialport,chardev=${name},name=${name}`],
      ]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...io.env, LD_LIBRARY_PATH: packages.libraries } },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close');
  const lives = (): boolean => child.exitCode === null && child.signalCode === null;
  const ports: Port[] = [];
  const stop = async (): Promise<void> => {
    for (const port of ports) port.close();
    child.kill('SIGKILL');
    await closed;
    await rm(place, { recursive: true });
  };
  try {
    const deadline = io.monotonic() + bootMs;
    while (ports.length < names.length) {
      const port = await Port.open(join(place, names[ports.length] ?? '')).catch(() => undefined);
      if (port !== undefined) ports.push(port);
      else if (!lives() || io.monotonic() > deadline) throw new Error(said);
      else await io.sleep(50);
    }
    const late = setTimeout(() => child.kill('SIGKILL'), bootMs);
    for (const port of ports) await port.run(['true'], nothing(), ignore);
    clearTimeout(late);
  } catch (cause) {
    const last = (await readFile(console, 'utf8').catch(() => '')).split('\n').slice(-8).join('\n');
    await stop();
    throw new OperationError(`The machine with a kernel of its own did not come up: ${last}`, { cause });
  }
  const [node, ...free] = ports as [Port, ...Port[]];
  const waiting: (() => void)[] = [];
  return {
    sh: async (line) => {
      let stdout = '';
      const keep = (chunk: Buffer): Promise<void> => Promise.resolve(void (stdout += chunk.toString()));
      return { ...(await node.run(['sh', '-c', line], nothing(), keep)), stdout };
    },
    serve: async (exec) => {
      while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const port = free.pop() as Port;
      const { code, stderr } = await port.run(exec.command, exec.input(), (chunk) => exec.write(chunk));
      free.push(port);
      waiting.shift()?.();
      if (stderr !== '') await exec.writeError(stderr);
      await exec.exit(code);
    },
    stop,
  };
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

async function* nothing(): AsyncGenerator<Buffer> {
  // A command that reads nothing.
}

function ignore(): Promise<void> {
  return Promise.resolve();
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Io } from '../../src/output/io.ts';
import { OperationError } from '../../src/output/errors.ts';
import { machine } from './layout.ts';

/** A process of the cluster. `started` (clock ticks since boot) tells it from a later one with the same pid. */
export interface Part {
  readonly pid: number;
  readonly started: string;
}

/** A program that outlives the command that starts it. */
export interface Daemon {
  readonly program: string;
  readonly args: readonly string[];
  /** File that takes its output. */
  readonly log: string;
  /** State directory of the cluster it belongs to. */
  readonly cluster: string;
}

/**
 * Starts a daemon in a session of its own with nothing of our environment but PATH, and the mark by which
 * `findParts` knows it from its first instruction on. Returns its pid.
 */
export async function startDaemon(daemon: Daemon, io: Io): Promise<number> {
  await mkdir(dirname(daemon.log), { recursive: true });
  const log = await open(daemon.log, 'a', 0o600);
  try {
    const child = spawn(daemon.program, daemon.args, {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      env: { PATH: io.env.PATH, [machine.mark]: daemon.cluster },
    });
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined) throw new Error(`${daemon.program} has no pid`);
    return child.pid;
  } finally {
    await log.close();
  }
}

/** Every process of the cluster: each one that carries its mark, in whatever namespace. */
export async function findParts(cluster: string): Promise<Part[]> {
  const mark = `${machine.mark}=${cluster}`;
  const parts: Part[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const part = await partOf(Number(name));
    const environment = await readFile(join('/proc', name, 'environ'), 'utf8').catch(() => '');
    if (part !== undefined && environment.split('\0').includes(mark)) parts.push(part);
  }
  return parts;
}

/** Kills every process of the cluster and waits until none is left. */
export async function killParts(cluster: string, io: Io): Promise<void> {
  const deadline = io.monotonic() + 20_000;
  for (;;) {
    const parts = await findParts(cluster);
    if (parts.length === 0) return;
    if (io.monotonic() > deadline) {
      const pids = parts.map((part) => part.pid).join(' ');
      throw new OperationError(`Processes ${pids} of the cluster do not end`, {
        advice: 'Look at them with ps, then run `down` again.',
      });
    }
    for (const part of parts) {
      if ((await partOf(part.pid))?.started === part.started) kill(part.pid);
    }
    await io.sleep(50);
  }
}

/** The running process with a pid (start time: field 22 of /proc/PID/stat, see proc(5)); undefined when there is none. */
export async function partOf(pid: number): Promise<Part | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie is gone as far as we are concerned: its parent has yet to notice.
  return state === 'Z' ? undefined : { pid, started: fields[18] ?? '' };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}

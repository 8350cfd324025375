import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { processIo, writeChunk, writeLine } from '../src/output/io.ts';

export const root = resolve(import.meta.dirname, '..');
export const cache = join(root, 'node_modules/.cache');
const io = processIo();
/** Time for a child to clean up after SIGINT before it is killed. */
const graceMs = 60_000;
/** Runs its arguments with what others leave of the processors: a session has a share of its own, by its autogroup (sched(7)). */
const inBackground = '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 "$@"';

/** One program to run from the top of the project. */
export interface Job {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Show its output while it runs; otherwise it is kept and given back. */
  readonly live?: boolean;
  /** With what others leave of the processors, as everything that such a job starts. */
  readonly background?: boolean;
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

export interface JobResult {
  /** 128 when a signal ended it. */
  readonly code: number;
  readonly output: string;
  readonly ms: number;
}

/**
 * Runs a program in a process group of its own, so that an interrupt of ours reaches all of it once: aborted or over its
 * time it gets SIGINT, and after a minute of grace SIGKILL. Never rejects: a program that cannot start has exit code 127.
 */
export function runJob(job: Job): Promise<JobResult> {
  const started = io.monotonic();
  const background = job.background === true || getPriority() > 0;
  const { program, args } = background
    ? { program: 'sh', args: ['-c', inBackground, 'sh', job.program, ...job.args] }
    : job;
  return new Promise((settle) => {
    const chunks: Buffer[] = [];
    const child = spawn(program, args, {
      cwd: root,
      env: { ...io.env, ...job.env },
      stdio: ['ignore', job.live === true ? 'inherit' : 'pipe', job.live === true ? 'inherit' : 'pipe'],
      detached: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, signal);
    };
    const timers: NodeJS.Timeout[] = [];
    const stop = (): void => {
      kill('SIGINT');
      timers.push(setTimeout(kill, graceMs, 'SIGKILL'));
    };
    const over = (): void => {
      chunks.push(Buffer.from(`\nstopped: over its time of ${(job.limitMs ?? 0) / 1000} s\n`));
      stop();
    };
    const end = (code: number): void => {
      timers.forEach(clearTimeout);
      job.signal?.removeEventListener('abort', stop);
      settle({ code, output: Buffer.concat(chunks).toString('utf8'), ms: io.monotonic() - started });
    };
    if (job.limitMs !== undefined) timers.push(setTimeout(over, job.limitMs));
    job.signal?.addEventListener('abort', stop);
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${job.program}: ${error.message}\n`));
      end(127);
    });
    child.on('close', (code) => end(code ?? 128));
    if (job.signal?.aborted === true) stop();
  });
}

/** The arguments that run a script of the project on its own Node. */
export function script(path: string, ...args: readonly string[]): Pick<Job, 'program' | 'args'> {
  return { program: process.execPath, args: [join(root, path), ...args] };
}

/** One line on stdout. */
export function say(line: string): Promise<void> {
  return writeLine(io.stdout, line);
}

/** Text on stdout as it is. */
export function show(text: string): Promise<void> {
  return writeChunk(io.stdout, text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** Aborted at the first SIGINT or SIGTERM of this process. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort(new Error(`stopped by ${name}`)));
  }
  return controller.signal;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';

/**
 * Everything a command may use of the outside world, so that tests replace it whole.
 * stdout carries the answer and nothing else; progress, warnings and prompts go to stderr.
 */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Environment of the process; read-only by agreement. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when stdin and stderr are terminals, so that questions can be asked. */
  readonly interactive: boolean;
  /** True when stderr is a terminal, so that lines may be rewritten and coloured. */
  readonly stderrTerminal: boolean;
  /** Width of the terminal in columns; 80 when there is none. */
  readonly columns: number;
  /** Wall clock. */
  now(): Date;
  /** Monotonic clock in milliseconds, for durations. */
  monotonic(): number;
  /** `monotonic()` when the command was given; when absent, that is now. */
  readonly begun?: number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The Io of the running process. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    stderrTerminal: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
    now: () => new Date(),
    monotonic: () => performance.now(),
    // The clock of performance.now() begins with the process.
    begun: 0,
    sleep: sleepFor,
  };
}

/** Timer that rejects with the reason of `signal` when it is aborted. */
export async function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Writes one line to a stream and waits until the stream has taken it. */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return writeChunk(stream, `${line}\n`);
}

/** Writes a chunk with backpressure: resolves when the stream has taken it, rejects when it failed. */
export function writeChunk(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

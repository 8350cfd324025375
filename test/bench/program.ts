import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/** What a program did. */
export interface Ran {
  readonly seconds: number;
  /** Until the last byte of its output. */
  readonly outputSeconds: number;
  /** The most memory that it had (VmHWM of proc_pid_status(5)), asked for ten times a second. */
  readonly peakKiB: number;
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a program and shows each piece of its output to `see`. */
export async function runProgram(command: readonly string[], see: (chunk: Buffer) => void): Promise<Ran> {
  const [program = '', ...words] = command;
  const started = performance.now();
  let output = started;
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const stderr = text(child.stderr);
  let peakKiB = 0;
  const look = setInterval(() => {
    void readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').then(
      (status) => {
        peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? peakKiB);
      },
      () => undefined,
    );
  }, 100);
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      output = performance.now();
      see(chunk);
    }
    const [code] = (await ended) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    return { seconds, outputSeconds: (output - started) / 1000, peakKiB, code, stderr: await stderr };
  } finally {
    clearInterval(look);
  }
}

/** Counts newlines. */
export function lineCounter(): { readonly see: (chunk: Buffer) => void; readonly lines: () => number } {
  let lines = 0;
  return {
    see: (chunk) => {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    },
    lines: () => lines,
  };
}

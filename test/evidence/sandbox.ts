import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { ItemHeader } from '../../src/artifacts/item.ts';
import type { Io } from '../../src/output/io.ts';

/** An Io whose clock starts at a fixed time and moves by one second per look. */
export function testIo(
  env: Io['env'] = {},
): Io & { readonly stdout: PassThrough; readonly stderr: PassThrough } {
  let seconds = 0;
  return {
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env,
    interactive: false,
    stderrTerminal: false,
    columns: 80,
    now: () => new Date(Date.UTC(2026, 10, 22, 4, 15, seconds++)),
    monotonic: () => performance.now(),
    sleep: () => Promise.resolve(),
  };
}

/** Runs `work` with a directory of its own that is removed afterwards. */
export async function inSandbox<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'ir-evidence-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const execute = promisify(execFile);

/** Standard output of a program of the machine; rejects when it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** The header of a file as a collector sends it. */
export function fileHeader(name: string | Buffer, more: Partial<ItemHeader> = {}): ItemHeader {
  return { sequence: 1, artifact: 'configuration', name: Buffer.from(name), type: 'file', ...more };
}

/** The error that a promise rejects with; throws when it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
}

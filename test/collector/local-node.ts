import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemEnd, ItemHeader, ItemSink } from '../../src/artifacts/item.ts';
import type { Exec } from '../../src/collector/running.ts';

/** A spool in memory and a directory of busybox applets: what a collector's container offers, on this machine. */
export interface LocalNode {
  readonly directory: string;
  readonly exec: Exec;
  /** Environment of its shells. */
  readonly env: Readonly<Record<string, string>>;
  /** Pids of shells started and not seen to end: nothing else has one of them meanwhile. */
  readonly running: ReadonlySet<number>;
  /** Ends what still runs, too: a script whose spool is gone would wait for ever. */
  remove(): void;
}

/**
 * Starts nothing; `exec` runs commands under busybox in process groups of their own, with `prefix` before them. `host` is
 * what scripts see as $HOST.
 */
export function localNode(host = '/', prefix: readonly string[] = []): LocalNode {
  const directory = mkdtempSync('/dev/shm/kubectl-ir-test-');
  const applets = join(directory, 'bin');
  mkdirSync(applets);
  spawnSync('busybox', ['--install', '-s', applets]);
  const spool = join(directory, 'spool');
  mkdirSync(spool);
  writeFileSync(join(spool, 'digest'), 'sha256sum\n');
  writeFileSync(join(spool, 'ready'), '');
  const running = new Set<number>();
  const env = { PATH: applets, IR_SPOOL: spool, IR_HOST: host };
  return {
    directory,
    running,
    env,
    exec: (options) => execHere([...prefix, join(applets, 'sh')], env, running, options),
    remove: () => {
      for (const pid of running) process.kill(-pid, 'SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const execHere = async (
  shell: readonly string[],
  env: Record<string, string>,
  running: Set<number>,
  { command, input, stdout, onStart, signal }: Parameters<Exec>[0],
): Promise<{ exitCode: number; stderr: string }> => {
  const [program = '', ...words] = [...shell, ...command.slice(1)];
  const child = spawn(program, words, { env, detached: true, stdio: 'pipe' });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  child.on('exit', () => pid !== undefined && running.delete(pid));
  const closed = new Promise<number>((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? 137);
    });
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  child.stdin.on('error', () => undefined);
  child.stdin.write(input);
  onStart({
    send: (data) =>
      new Promise((resolve) => {
        child.stdin.write(data, () => {
          resolve();
        });
      }),
  });
  const abort = (): void => {
    child.stdin.destroy();
    child.stdout.destroy();
  };
  signal.addEventListener('abort', abort);
  try {
    for await (const chunk of child.stdout) await stdout(chunk as Buffer);
  } catch (error) {
    abort();
    await closed;
    signal.throwIfAborted();
    throw error;
  }
  const exitCode = await closed;
  signal.throwIfAborted();
  return { exitCode, stderr };
};

/** Items in memory, by their names. */
export interface Kept {
  readonly header: ItemHeader;
  readonly data: Buffer;
  readonly end: ItemEnd;
}

export class MemorySink implements ItemSink {
  readonly items: Kept[] = [];
  #header: ItemHeader | undefined;
  #chunks: Buffer[] = [];

  begin(header: ItemHeader): Promise<void> {
    if (this.#header !== undefined) throw new Error('begin inside an item');
    this.#header = header;
    this.#chunks = [];
    return Promise.resolve();
  }

  write(chunk: Buffer): Promise<void> {
    this.#chunks.push(Buffer.from(chunk));
    return Promise.resolve();
  }

  end(end: ItemEnd): Promise<void> {
    if (this.#header === undefined) throw new Error('end without begin');
    this.items.push({ header: this.#header, data: Buffer.concat(this.#chunks), end });
    this.#header = undefined;
    return Promise.resolve();
  }

  /** The one item of that name. */
  named(name: string | Buffer): Kept {
    const found = this.items.filter((item) => item.header.name.equals(Buffer.from(name)));
    const [first] = found;
    if (first === undefined || found.length > 1)
      throw new Error(`${found.length} items are called ${name.toString()}`);
    return first;
  }
}

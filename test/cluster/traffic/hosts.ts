import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeLine } from '../../../src/output/io.ts';
import type { Arrived, Attempt, Question, Reply, Result } from './protocol.ts';

/** A host of a traffic test: a process in the network namespace of a pod, of a node, or outside. */
export class Host {
  readonly name: string;
  readonly addresses: readonly string[];
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private last = 0;

  private constructor(name: string, addresses: readonly string[], child: ChildProcess) {
    this.name = name;
    this.addresses = addresses;
    this.child = child;
  }

  /** Starts a host in the network namespace of process `pid`; resolves when it serves on its addresses. */
  static async start(name: string, pid: number, addresses: readonly string[]): Promise<Host> {
    const program = [process.execPath, join(import.meta.dirname, 'host.ts'), name, ...addresses];
    const child = spawn('nsenter', [`--net=/proc/${pid}/ns/net`, ...program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const host = new Host(name, addresses, child);
    const ready = new Promise((resolve) => host.waiting.set(0, resolve));
    const gone = once(child, 'close').then(() => {
      throw new Error(`The host ${name} ended before it served`);
    });
    createInterface({ input: child.stdout }).on('line', (line) => host.settle(JSON.parse(line) as Reply));
    await Promise.race([ready, gone]);
    gone.catch(() => undefined);
    return host;
  }

  /** Makes one connection; one that is not answered in time is `silent`. */
  async make(attempt: Attempt, withinMs: number): Promise<Result> {
    return (
      (await this.ask({ do: 'try', attempt, withinMs })).result ?? { outcome: 'failed', text: 'no result' }
    );
  }

  /** Opens a flow that goes on until the host ends; resolves when both sides have sent. */
  async hold(attempt: Attempt, name: string): Promise<void> {
    await this.ask({ do: 'flow', attempt, name });
  }

  /** What has come in at this host so far. */
  async arrived(): Promise<Arrived> {
    return (await this.ask({ do: 'count' })).arrived ?? { bytes: {}, connected: {} };
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.stdin?.end();
    await closed;
  }

  private async ask(question: Question): Promise<Reply> {
    const { stdin } = this.child;
    if (stdin === null) throw new Error('no pipe');
    const id = (this.last += 1);
    const replied = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    await writeLine(stdin, JSON.stringify({ id, ...question }));
    return replied;
  }

  private settle(reply: Reply): void {
    this.waiting.get(reply.id)?.(reply);
    this.waiting.delete(reply.id);
  }
}

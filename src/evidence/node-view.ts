import { parseExecutables } from '../artifacts/executable.ts';
import type { ItemEnd, ItemHeader, ItemSink } from '../artifacts/item.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { ProcessTable } from '../artifacts/process-table.ts';
import { SocketTable } from '../artifacts/socket-table.ts';

/** What a snapshot tells at once, before anybody reads the acquisition. */
export interface NodeCounts {
  readonly processes: number;
  /** Containers that have processes. */
  readonly containers: number;
  readonly sockets: number;
  /** Network namespaces whose sockets were read. */
  readonly networkNamespaces: number;
  /** Processes that run a file which has no name any more. */
  readonly deletedExecutables: number;
  /** Of those files, how many contents were kept. */
  readonly keptExecutables: number;
}

const executables = Buffer.from('live_response/process/executables.txt');
/** Bytes kept for counting; a node with more is counted up to there. */
const mostBytes = 64 * 1024 * 1024;

/** Passes items on to `sink` and keeps what is needed to count processes and sockets. */
export class NodeView implements ItemSink {
  readonly #sink: ItemSink;
  readonly #processes = new ProcessTable();
  readonly #sockets = new SocketTable();
  #header: ItemHeader | undefined;
  #chunks: Buffer[] | undefined;
  #kept = 0;
  #keptExecutables = 0;
  #complete = true;
  #timeouts = 0;
  #failure: Error | undefined;

  constructor(sink: ItemSink) {
    this.#sink = sink;
  }

  /** False when there was more than is kept in memory, so that counts are lower than the truth. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Items that ended because nothing came for too long. */
  get timeouts(): number {
    return this.#timeouts;
  }

  /** What the sink threw: that no item can be kept any more. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async begin(header: ItemHeader): Promise<void> {
    await this.#pass(() => this.#sink.begin(header));
    const { name, target } = header;
    const wanted = ProcessTable.wants(name) || SocketTable.wants(name) || name.equals(executables);
    this.#header = header;
    this.#chunks = wanted && header.type === 'file' ? [] : undefined;
    if (target === undefined) return;
    this.#processes.addLink(name, target);
    this.#sockets.addLink(name, target);
  }

  async write(chunk: Buffer): Promise<void> {
    await this.#pass(() => this.#sink.write(chunk));
    if (this.#chunks === undefined) return;
    this.#kept += chunk.length;
    if (this.#kept > mostBytes) {
      this.#complete = false;
      this.#chunks = undefined;
    } else this.#chunks.push(Buffer.from(chunk));
  }

  async end(end: ItemEnd): Promise<void> {
    await this.#pass(() => this.#sink.end(end));
    if (end.outcome === 'timeout') this.#timeouts += 1;
    if (this.#header?.artifact === 'executable' && end.length > 0) this.#keptExecutables += 1;
    if (this.#header !== undefined && this.#chunks !== undefined && end.length > 0)
      this.#take(this.#header.name, Buffer.concat(this.#chunks));
    this.#chunks = undefined;
  }

  /** PIDs of the processes seen so far. */
  pids(): number[] {
    return this.#processes.pids();
  }

  /** What was counted so far. */
  counts(): NodeCounts {
    const processes = this.#processes.records();
    const containers = new Set(processes.map((process) => process.container.containerId));
    containers.delete(undefined);
    let sockets = 0;
    const namespaces = new Set<number | undefined>();
    for (const socket of this.#sockets.records(processes)) {
      if (isMalformed(socket)) continue;
      sockets += 1;
      namespaces.add(socket.namespace);
    }
    return {
      processes: processes.length,
      containers: containers.size,
      sockets,
      networkNamespaces: namespaces.size,
      deletedExecutables: processes.filter((process) => process.deleted).length,
      keptExecutables: this.#keptExecutables,
    };
  }

  async #pass(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  #take(name: Buffer, bytes: Buffer): void {
    if (ProcessTable.wants(name)) this.#processes.addFile(name, bytes);
    else if (SocketTable.wants(name)) this.#sockets.add(name, bytes);
    else
      for (const executable of parseExecutables(bytes))
        if (!isMalformed(executable)) this.#processes.addExecutable(executable);
  }
}

import { parseBootTime } from './boot.ts';
import { parseExecutables } from './executable.ts';
import { instantText } from './instant.ts';
import { isMalformed, type Malformed } from './lines.ts';
import { type ProcessRecord, ProcessTable } from './process-table.ts';
import { type SocketRecord, SocketTable } from './socket-table.ts';

/** A process with what the rest of its node tells of it. */
export interface RunningProcess extends ProcessRecord {
  /** When it started, RFC 3339 in UTC by the node's clock. */
  readonly started?: string;
}

/** A socket with the processes that hold it. */
export type HeldSocket = SocketRecord & { readonly holders: readonly ProcessRecord[] };

const executables = Buffer.from('live_response/process/executables.txt');
const stat = Buffer.from('[root]/proc/stat');
/** Clock ticks of procfs in a second (USER_HZ), the same on every architecture of today. */
const ticksPerSecond = 100;

/** Processes and sockets of one acquisition, joined from many small files in any order. */
export class JoinedTables {
  readonly #processes = new ProcessTable();
  readonly #sockets = new SocketTable();
  #boot: number | undefined;

  /** True for the items whose content `add` needs. */
  static wants(name: Buffer): boolean {
    return (
      ProcessTable.wants(name) || SocketTable.wants(name) || name.equals(executables) || name.equals(stat)
    );
  }

  add(name: Buffer, bytes: Buffer): void {
    if (name.equals(stat)) this.#boot = parseBootTime(bytes);
    else if (ProcessTable.wants(name)) this.#processes.addFile(name, bytes);
    else if (SocketTable.wants(name)) this.#sockets.add(name, bytes);
    else
      for (const executable of parseExecutables(bytes))
        if (!isMalformed(executable)) this.#processes.addExecutable(executable);
  }

  addLink(name: Buffer, target: Buffer): void {
    this.#processes.addLink(name, target);
    this.#sockets.addLink(name, target);
  }

  /** By rising pid. */
  processes(): RunningProcess[] {
    return this.#processes.records().map((process) => {
      const ticks = process.stat?.startTicks;
      const started =
        ticks === undefined || this.#boot === undefined
          ? undefined
          : instantText(this.#boot + Math.floor(ticks / ticksPerSecond), ticks % ticksPerSecond, 2);
      return started === undefined ? process : { ...process, started };
    });
  }

  /** Table by table, in the order in which they were added. */
  *sockets(): Generator<HeldSocket | Malformed> {
    const processes = this.#processes.records();
    const byPid = new Map(processes.map((process) => [process.pid, process]));
    for (const socket of this.#sockets.records(processes))
      yield isMalformed(socket)
        ? socket
        : { ...socket, holders: socket.pids.map((pid) => byPid.get(pid)).filter((one) => one !== undefined) };
  }
}

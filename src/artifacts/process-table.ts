import type { CgroupMembership, ContainerIdentity } from './cgroup.ts';
import { containerOfProcess, parseCgroup } from './cgroup.ts';
import type { Executable } from './executable.ts';
import { splitNul } from './nul-list.ts';
import { linkInode, procPath } from './proc-path.ts';
import type { ProcStat } from './proc-stat.ts';
import { parseProcStat } from './proc-stat.ts';
import type { ProcStatus } from './proc-status.ts';
import { parseProcStatus } from './proc-status.ts';

/** One process of a node as its files tell it; what could not be read is missing. */
export interface ProcessRecord {
  readonly pid: number;
  readonly stat: ProcStat | undefined;
  readonly status: ProcStatus | undefined;
  /** The last of `mostArguments` holds all that are behind it. */
  readonly arguments: readonly Buffer[];
  /** Target of /proc/PID/exe, raw bytes; missing for kernel threads. */
  readonly executable: Buffer | undefined;
  /** True when the file it runs has no name left on any file system, by its link count. */
  readonly deleted: boolean;
  /** Which file it runs, whatever its name says. */
  readonly file?: Pick<Executable, 'device' | 'inode'>;
  readonly cgroups: readonly CgroupMembership[];
  readonly container: ContainerIdentity;
  /** Inode of each namespace by its name under /proc/PID/ns. */
  readonly namespaces: ReadonlyMap<string, number>;
  /** Inodes of the sockets it holds. */
  readonly sockets: ReadonlySet<number>;
}

/** Whoever may start processes could give a thousand of them a hundred thousand empty arguments each. */
export const mostArguments = 1024;

/** Puts the processes of one node together from the files and links of an acquisition, in any order. */
export class ProcessTable {
  readonly #files = new Map<number, Map<string, Buffer>>();
  readonly #executables = new Map<number, Buffer>();
  readonly #namespaces = new Map<number, Map<string, number>>();
  readonly #sockets = new Map<number, Set<number>>();
  readonly #programs = new Map<number, Executable>();

  /** True when `addFile` needs the content of an item of this name. */
  static wants(name: Buffer): boolean {
    const path = procPath(name);
    return path !== undefined && /^(?:stat|status|cmdline|cgroup)$/.test(path.rest);
  }

  addFile(name: Buffer, bytes: Buffer): void {
    const path = procPath(name);
    if (path !== undefined)
      entry(this.#files, path.pid, () => new Map<string, Buffer>()).set(path.rest, bytes);
  }

  addLink(name: Buffer, target: Buffer): void {
    const path = procPath(name);
    if (path === undefined) return;
    const [kind, key] = path.rest.split('/', 2);
    if (path.rest === 'exe') this.#executables.set(path.pid, target);
    if (kind === 'fd') {
      const inode = linkInode(target, 'socket');
      if (inode !== undefined) entry(this.#sockets, path.pid, () => new Set<number>()).add(inode);
    }
    if (kind === 'ns' && key !== undefined) {
      const inode = linkInode(target, key.replace(/_for_children$/, ''));
      if (inode !== undefined)
        entry(this.#namespaces, path.pid, () => new Map<string, number>()).set(key, inode);
    }
  }

  addExecutable(executable: Executable): void {
    this.#programs.set(executable.pid, executable);
  }

  /** The pids of which stat, status, command line or cgroup came, rising. */
  pids(): number[] {
    return [...this.#files.keys()].sort((a, b) => a - b);
  }

  /** The processes by rising pid. */
  records(): ProcessRecord[] {
    return this.pids().map((pid) => this.#record(pid));
  }

  #record(pid: number): ProcessRecord {
    const files = this.#files.get(pid);
    const stat = files?.get('stat');
    const status = files?.get('status');
    const program = this.#programs.get(pid);
    const cgroups = parseCgroup(files?.get('cgroup') ?? Buffer.alloc(0));
    return {
      pid,
      stat: stat && parseProcStat(stat),
      status: status && parseProcStatus(status),
      arguments: splitNul(files?.get('cmdline') ?? Buffer.alloc(0), mostArguments),
      executable: this.#executables.get(pid),
      deleted: program?.links === 0,
      ...(program === undefined ? {} : { file: { device: program.device, inode: program.inode } }),
      cgroups,
      container: containerOfProcess(cgroups),
      namespaces: this.#namespaces.get(pid) ?? new Map<string, number>(),
      sockets: this.#sockets.get(pid) ?? new Set<number>(),
    };
  }
}

function entry<V>(map: Map<number, V>, key: number, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}

/** A name in an acquisition that belongs to one process: `[root]/proc/PID/REST`. */
export interface ProcPath {
  readonly pid: number;
  /** Behind the pid, such as `stat`, `fd/7`, `ns/net`, `net/tcp`. */
  readonly rest: string;
}

/** The process an item of an acquisition tar belongs to, undefined for every other item. */
export function procPath(name: Buffer): ProcPath | undefined {
  const match = /^\[root\]\/proc\/([1-9][0-9]{0,9})\/([a-z_0-9/]+)$/.exec(name.toString('latin1'));
  return match?.[2] === undefined ? undefined : { pid: Number(match[1]), rest: match[2] };
}

/** Inode of a link such as `socket:[4711]` or `net:[4026531840]` (proc_pid_fd(5), namespaces(7)); undefined for other targets. */
export function linkInode(target: Buffer, kind: string): number | undefined {
  const match = /^([a-z_]+):\[([0-9]{1,15})\]$/.exec(target.toString('latin1'));
  return match?.[1] === kind ? Number(match[2]) : undefined;
}

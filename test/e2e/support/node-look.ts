import { onNode } from './world.ts';

/** What is on a node at a moment. */
export interface NodeLook {
  /** Files and links by their paths: inode, then size and times to the nanosecond. */
  readonly files: ReadonlyMap<string, { readonly inode: string; readonly facts: string }>;
  /** Start times of processes by their PIDs, in ticks since boot. */
  readonly processes: ReadonlyMap<number, string>;
  /** Network namespaces that processes are in, by their inodes. */
  readonly namespaces: ReadonlySet<string>;
}

/** Lists all files, processes and network namespaces of a node, but for what the kernel makes up and what is inside of containers. */
export async function lookAtNode(node: string): Promise<NodeLook> {
  const list = await onNode(
    node,
    "find / '(' -path /proc -o -path /sys -o -name rootfs ')' -prune -o '(' -type f -o -type l ')' -printf '%p\\0%D:%i\\0%s %T@ %C@\\0'",
  );
  const files = new Map<string, { inode: string; facts: string }>();
  const fields = list.stdout.split('\0');
  for (let i = 0; i + 2 < fields.length; i += 3)
    files.set(fields[i] ?? '', { inode: fields[i + 1] ?? '', facts: fields[i + 2] ?? '' });
  const table = await onNode(node, 'cat /proc/[0-9]*/stat');
  const processes = new Map<number, string>();
  // proc_pid_stat(5): the start time is field 22, the twentieth behind the name.
  for (const [, pid, rest = ''] of table.stdout.matchAll(/^(\d+) \(.*\) (.*)$/gm))
    processes.set(Number(pid), rest.split(' ')[19] ?? '');
  const links = await onNode(node, 'readlink /proc/[0-9]*/ns/net; true');
  const namespaces = [...links.stdout.matchAll(/^net:\[(\d+)\]$/gm)].map(([, inode = '']) => inode);
  return { files, processes, namespaces: new Set(namespaces) };
}

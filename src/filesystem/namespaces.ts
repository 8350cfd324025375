import type { Mount } from '../artifacts/mountinfo.ts';
import type { Member } from './processes.ts';
import { endedText } from './processes.ts';

/** A mount namespace that was made inside a container. */
export interface Stranger {
  readonly namespace: string;
  readonly pids: readonly number[];
}

/** The mount namespaces of a container's processes other than that of the `first` one; from the outputs of diff-locate.sh. */
export function strangersOf(
  outputs: ReadonlyMap<string, Buffer>,
  members: readonly Member[],
  first: number,
  token: string,
): Stranger[] {
  const text = endedText(outputs.get('mount-namespaces.txt')?.toString('latin1') ?? '', token);
  const pids = new Map<string, number[]>();
  let own = '';
  for (const line of text.split('\n')) {
    const [, pid, namespace = ''] = /^([0-9]+)\/ns\/mnt ([0-9]+)$/.exec(line) ?? [];
    if (!members.some((member) => member.pid === Number(pid))) continue;
    if (Number(pid) === first) own = namespace;
    pids.set(namespace, [...(pids.get(namespace) ?? []), Number(pid)]);
  }
  if (own === '') return [];
  pids.delete(own);
  return Array.from(pids, ([namespace, list]) => ({ namespace, pids: list }));
}

/** Mounts that are in one table and not in the other. */
export function mountsOnlyIn(table: readonly Mount[], other: readonly Mount[]): Mount[] {
  const known = new Set(other.map(keyOf));
  return table.filter((mount) => !known.has(keyOf(mount)));
}

function keyOf({ device, root, point }: Mount): string {
  return `${device} ${root.toString('latin1')} on ${point.toString('latin1')}`;
}

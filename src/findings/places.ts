import type { Mount } from '../artifacts/mountinfo.ts';
import type { MountTable, NodeTraces, TracedProcess } from './traces.ts';

/** The mount table that a process sees, where one of its namespace was taken. */
export function mountsOf(traces: NodeTraces, process: TracedProcess): MountTable | undefined {
  const inode = process.namespaces.get('mnt');
  return inode === undefined ? undefined : traces.mountTables.get(`${process.source.acquisition} ${inode}`);
}

/** The mount table of the node. */
export function nodeMounts(traces: NodeTraces): MountTable | undefined {
  return traces.host === undefined ? undefined : mountsOf(traces, traces.host);
}

/** A process with its own mount table, and the node's. */
interface Apart {
  readonly process: TracedProcess;
  readonly table: MountTable;
  readonly node: MountTable;
}

/** Those of some processes that see other mounts than the node; none where either table was not taken. */
export function* apartFromNode(
  traces: NodeTraces,
  processes: readonly TracedProcess[],
): Generator<Apart, undefined> {
  const node = nodeMounts(traces);
  if (node === undefined) return;
  for (const process of processes) {
    const table = mountsOf(traces, process);
    if (table !== undefined && table !== node) yield { process, table, node };
  }
}

/**
 * The place on the node that a mount shows, by the node's own mount of the same file system; undefined where the node has
 * none, such as the root of a container. Overlays are told apart by their device. Paths are one byte per character.
 */
export function placeOnNode(mount: Mount, node: MountTable): string | undefined {
  const root = mount.root.toString('latin1');
  let best: { readonly place: string; readonly length: number } | undefined;
  for (const own of node.mounts) {
    if (own.device !== mount.device) continue;
    const shown = own.root.toString('latin1');
    const rest = below(shown, root);
    if (rest === undefined || (best !== undefined && best.length >= shown.length)) continue;
    best = { place: join(own.point.toString('latin1'), rest), length: shown.length };
  }
  return best?.place;
}

/** Where on the node a path is that a process sees; undefined when it is not of the node's own file systems. */
export function pathOnNode(path: string, table: MountTable, node: MountTable): string | undefined {
  let best: { readonly mount: Mount; readonly rest: string; readonly length: number } | undefined;
  for (const mount of table.mounts) {
    const point = mount.point.toString('latin1');
    const rest = below(point, path);
    // Of two mounts on one point the later one covers the other.
    if (rest !== undefined && (best === undefined || point.length >= best.length))
      best = { mount, rest, length: point.length };
  }
  if (best === undefined) return undefined;
  const place = placeOnNode(best.mount, node);
  return place === undefined ? undefined : join(place, best.rest);
}

/** The rest of a path below a directory: '' for the directory itself, undefined when it is elsewhere. */
export function below(directory: string, path: string): string | undefined {
  if (path === directory) return '';
  const prefix = directory === '/' ? '/' : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function join(directory: string, rest: string): string {
  if (rest === '') return directory;
  return directory === '/' ? `/${rest}` : `${directory}/${rest}`;
}

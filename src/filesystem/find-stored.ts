import type { ItemSink } from '../artifacts/item.ts';
import type { Collector } from '../collector/collector.ts';
import { Capture } from './capture.ts';
import type { NodeFiles } from './node-files.ts';
import { nodeFiles } from './node-files.ts';
import { pathText } from './path-text.ts';
import type { Blind } from './pod-diff.ts';
import { parseRuntimes } from './runtimes.ts';
import { containerdContainers } from './store-containerd.ts';
import { storageContainers } from './store-containers.ts';
import { dockerContainers } from './store-docker.ts';
import type { StoreAnswer, StoredContainer } from './stored-container.ts';
import { isBlind } from './stored-container.ts';
import type { Store, StoreKind } from './stores.ts';
import { configurationFiles, storesOf } from './stores.ts';
import { walkToken } from './walk-token.ts';

/** A container to be found: its id, or how it starts, and the scheme of its runtime as the API has it, empty when it is not known. */
export interface Wanted {
  readonly id: string;
  readonly runtime: string;
}

/** What the runtimes' records on a node say of containers. */
export interface StoredSearch {
  readonly containers: readonly StoredContainer[];
  /** Directories that were searched. */
  readonly searched: readonly string[];
  /** Records that are there and could not be read. */
  readonly trouble: readonly string[];
}

const limit = 16 * 1024 * 1024;
const finders: Readonly<
  Record<StoreKind, (node: NodeFiles, store: Store, ids: readonly string[]) => Promise<StoreAnswer>>
> = { containerd: containerdContainers, docker: dockerContainers, containers: storageContainers };
/** Who may keep a container of a scheme; docker leaves its layers to containerd where it is told to. */
const keepers: Readonly<Record<string, readonly StoreKind[]>> = {
  containerd: ['containerd'],
  docker: ['docker', 'containerd'],
  'cri-o': ['containers'],
};

/**
 * Looks for containers in what the runtimes keep on the node's disk, wherever that is; the only way to one that has no process.
 * `nodeTable` is /proc/1/mountinfo. Throws PartialError when the stream broke.
 */
export async function findStored(
  collector: Collector,
  wanted: readonly Wanted[],
  nodeTable: Buffer | undefined,
  { sink, signal }: { readonly sink: ItemSink; readonly signal: AbortSignal },
): Promise<StoredSearch> {
  const node = nodeFiles(collector, sink, signal);
  const token = walkToken();
  const capture = new Capture(sink, new Set(['runtime']), limit);
  await collector.collect('runtimes', [token], capture, signal);
  const processes = parseRuntimes(capture.all(), token);
  const configuration = await node.files(configurationFiles(processes));
  const known = storesOf(processes, configuration, nodeTable);
  const places = await node.places(known.map(({ root }) => root));
  const stores = new Map<string, Store>();
  for (const store of known) {
    const root = places.get(store.root);
    const key = `${store.kind} ${root ?? ''}`;
    if (root !== undefined && !stores.has(key)) stores.set(key, { ...store, root });
  }
  const answers: StoreAnswer[] = [];
  const searched: string[] = [];
  for (const store of stores.values()) {
    const ids = wanted
      .filter(({ runtime }) => keepers[runtime]?.includes(store.kind) ?? true)
      .map(({ id }) => id);
    if (ids.length === 0) continue;
    searched.push(pathText(store.root).path);
    answers.push(await finders[store.kind](node, store, ids));
  }
  return {
    containers: answers.flatMap(({ containers }) => containers),
    trouble: answers.flatMap(({ trouble }) => trouble),
    searched,
  };
}

/** The record of one container, or why there is none to go by: it is unknown, or two stores differ about it. */
export function storedOf(search: StoredSearch, id: string): StoredContainer | Blind {
  const found = search.containers.filter((container) => container.id === id);
  const [first] = found;
  if (first === undefined) return unknown(search);
  const uppers = new Set(found.map(({ layers }) => (isBlind(layers) ? '' : layers.upper)));
  return uppers.size === 1
    ? first
    : {
        what: 'container',
        why: 'two runtimes on the node have a container of this id, with different layers',
      };
}

function unknown({ searched, trouble }: StoredSearch): Blind {
  const places = searched.length === 0 ? 'no runtime keeps any there' : `searched: ${searched.join(', ')}`;
  return {
    what: 'container',
    why: [`it has no process, and no runtime's record on the node names it; ${places}`, ...trouble].join(
      '; ',
    ),
    instead:
      'the kubelet keeps one ended instance of each container until the pod is deleted; older ones are gone',
  };
}

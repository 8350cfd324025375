import type { BoltBucket } from '../artifacts/bolt.ts';
import { openBolt } from '../artifacts/bolt.ts';
import type { ContainerdContainer } from '../artifacts/containerd-metadata.ts';
import { containerdContainer, containerdIds, snapshotChain } from '../artifacts/containerd-metadata.ts';
import { parseContainerSpec } from '../artifacts/container-spec.ts';
import { jsonObject } from '../artifacts/json.ts';
import { OperationError } from '../output/errors.ts';
import { sandboxed, sandboxOf, unreadDriver } from './drivers.ts';
import type { NodeFiles } from './node-files.ts';
import type { Layers } from './overlay.ts';
import { pathText } from './path-text.ts';
import type { Blind } from './pod-diff.ts';
import type { StoreAnswer, StoredContainer } from './stored-container.ts';
import type { Store } from './stores.ts';

/** pkg/identifiers of containerd. */
const identifier = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9])?$/;
/** Snapshotters whose layers are directories on the node. */
const readable = ['overlayfs', 'native'] as const;

/**
 * The containers of a containerd, in any of its namespaces, whose ids are asked for or start with what is asked for: from meta.db, the
 * snapshotter's metadata.db, and for their start the files of its CRI plugin.
 */
export async function containerdContainers(
  node: NodeFiles,
  store: Store,
  ids: readonly string[],
): Promise<StoreAnswer> {
  const path = `${store.root}/io.containerd.metadata.v1.bolt/meta.db`;
  const snapshots = readable.map((name) => ({ name, root: snapshotterRoot(store, name) }));
  const databases = await node.databases([path, ...snapshots.map(({ root }) => `${root}/metadata.db`)]);
  const metadata = databases.get(path);
  if (metadata === undefined) return { containers: [], trouble: [] };
  const found = typeof metadata === 'string' ? metadata : attempt(() => search(openBolt(metadata), ids));
  if (typeof found === 'string') return { containers: [], trouble: [`${pathText(path).path}: ${found}`] };
  const states = await node.files(found.map(({ id }) => statePath(store, id)));
  return {
    containers: found.map((container) => {
      const place = snapshots.find(({ name }) => name === container.snapshotter);
      const database = place === undefined ? undefined : databases.get(`${place.root}/metadata.db`);
      const layers = place === undefined ? unread(container) : layersOf(container, place, database);
      return describe(container, layers, states.get(statePath(store, container.id)));
    }),
    trouble: [],
  };
}

/** Those whose layers containerd keeps; docker may keep them itself, and has the container run by containerd all the same. */
function search(metadata: BoltBucket, ids: readonly string[]): ContainerdContainer[] {
  return [...containerdIds(metadata)]
    .filter(({ id }) => identifier.test(id) && ids.some((wanted) => id.startsWith(wanted)))
    .map(({ namespace, id }) => containerdContainer(metadata, namespace, id))
    .filter((container) => container !== undefined)
    .filter(({ snapshotter }) => snapshotter !== '');
}

/** Directories of a snapshot and those below it: `snapshots/N/fs` of overlayfs, `snapshots/N` of native. */
function layersOf(
  container: ContainerdContainer,
  place: { readonly name: string; readonly root: string },
  database: Buffer | string | undefined,
): Layers | Blind {
  const blind = (why: string): Blind => ({ what: 'file system', why });
  if (database === undefined) return blind(`the database of its snapshotter, ${place.name}, is not there`);
  if (typeof database === 'string')
    return blind(`the database of its snapshotter, ${place.name}, could not be read: ${database}`);
  const name = container.snapshot;
  if (name === undefined) return blind('containerd has no record of its snapshot');
  const chain = attempt(() => snapshotChain(openBolt(database), name));
  if (typeof chain === 'string') return blind(chain);
  const overlay = place.name === 'overlayfs';
  const [upper = '', ...lowers] = chain.ids.map(
    (id) => `${place.root}/snapshots/${id}${overlay ? '/fs' : ''}`,
  );
  return overlay
    ? { upper, lowers, userAttributes: false }
    : { upper, lowers: lowers.slice(0, 1), userAttributes: false, copy: true };
}

function describe(
  container: ContainerdContainer,
  layers: Layers | Blind,
  state: Buffer | undefined,
): StoredContainer {
  const spec = parseContainerSpec(container.spec ?? Buffer.alloc(0));
  const sandbox = sandboxOf(container.runtime);
  const driver = container.snapshotter === 'overlayfs' ? 'overlay' : container.snapshotter;
  return {
    id: container.id,
    runtime: 'containerd',
    image: container.image,
    labels: { ...spec.annotations, ...container.labels },
    driver: pathText(Buffer.from(driver, 'utf8').toString('latin1')).path,
    layers: sandbox === undefined ? layers : sandboxed(sandbox),
    mounts: spec.mounts,
    started: startOf(state),
  };
}

function unread({ snapshotter }: ContainerdContainer): Blind {
  return unreadDriver(pathText(Buffer.from(snapshotter, 'utf8').toString('latin1')).path);
}

function snapshotterRoot(store: Store, name: string): string {
  return store.snapshotters?.[name] ?? `${store.root}/io.containerd.snapshotter.v1.${name}`;
}

/** Where the CRI plugin checkpoints a container: internal/cri/store/container/status.go; the directory kept its name in 2.x. */
function statePath(store: Store, id: string): string {
  return `${store.root}/io.containerd.grpc.v1.cri/containers/${id}/status`;
}

/** `Status.StartedAt` of that file, nanoseconds since the epoch. Such numbers are above 2^53, so they are read from the text. */
function startOf(state: Buffer | undefined): bigint | undefined {
  const status = jsonObject(state ?? '')?.['Status'];
  if (status === undefined) return undefined;
  const digits = /"StartedAt":([0-9]{1,19})[,}]/.exec(state?.toString('latin1') ?? '')?.[1];
  return digits === undefined || digits === '0' ? undefined : BigInt(digits);
}

/** What a parser found, or why the bytes can't be used. */
function attempt<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof OperationError) return error.message;
    throw error;
  }
}

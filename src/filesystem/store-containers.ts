import type { StorageContainer, StorageLayer } from '../artifacts/containers-storage.ts';
import { parseLower, parseStorageContainers, parseStorageLayers } from '../artifacts/containers-storage.ts';
import { parseContainerSpec } from '../artifacts/container-spec.ts';
import { sandboxed, sandboxOf, unreadDriver } from './drivers.ts';
import type { NodeFiles } from './node-files.ts';
import type { Layers } from './overlay.ts';
import { pathText } from './path-text.ts';
import type { Blind } from './pod-diff.ts';
import type { StoreAnswer, StoredContainer } from './stored-container.ts';
import { timeOf } from './stored-container.ts';
import type { Store } from './stores.ts';

/** Storage drivers of the library; a store may have been used with several. */
const drivers = ['overlay', 'vfs', 'btrfs', 'zfs'] as const;
type Driver = (typeof drivers)[number];

interface Found {
  readonly driver: Driver;
  readonly container: StorageContainer;
}

/**
 * The containers of CRI-O or podman whose ids are asked for or start with what is asked for: containers.json of each driver, the list of
 * lower layers in the container's own layer, and the container's specification (github.com/containers/storage, store.go).
 */
export async function storageContainers(
  node: NodeFiles,
  { root }: Store,
  ids: readonly string[],
): Promise<StoreAnswer> {
  const lists = drivers.flatMap((driver) =>
    ['containers.json', 'volatile-containers.json'].map((name) => ({
      driver,
      path: `${root}/${driver}-containers/${name}`,
    })),
  );
  const files = await node.files(lists.map(({ path }) => path));
  const trouble: string[] = [];
  const found: Found[] = [];
  for (const { driver, path } of lists) {
    const bytes = files.get(path);
    if (bytes === undefined) continue;
    const containers = parseStorageContainers(bytes);
    if (containers === undefined) trouble.push(`${pathText(path).path}: it is no list of containers`);
    for (const container of containers ?? [])
      if (ids.some((id) => container.id.startsWith(id))) found.push({ driver, container });
  }
  const more = await node.files(found.flatMap((one) => filesOf(root, one)));
  return { containers: found.map((one) => describe(root, one, more)), trouble };
}

function specPath(root: string, { driver, container }: Found): string {
  return `${root}/${driver}-containers/${container.id}/userdata/config.json`;
}

function lowerPath(root: string, { container }: Found): string {
  return `${root}/overlay/${container.layer}/lower`;
}

function layerLists(root: string): string[] {
  return ['layers.json', 'volatile-layers.json'].map((name) => `${root}/vfs-layers/${name}`);
}

function filesOf(root: string, found: Found): string[] {
  return [
    specPath(root, found),
    ...(found.driver === 'overlay' ? [lowerPath(root, found)] : []),
    ...(found.driver === 'vfs' ? layerLists(root) : []),
  ];
}

function describe(root: string, found: Found, files: ReadonlyMap<string, Buffer>): StoredContainer {
  const { container, driver } = found;
  const spec = parseContainerSpec(files.get(specPath(root, found)) ?? Buffer.alloc(0));
  const crio = spec.annotations['io.container.manager'] === 'cri-o';
  const sandbox = sandboxOf(spec.annotations['io.kubernetes.cri-o.RuntimeHandler'] ?? '');
  return {
    id: container.id,
    runtime: crio ? 'cri-o' : 'podman',
    image: container.metadata['image-name'] ?? container.image,
    labels: spec.annotations,
    driver,
    layers: sandbox === undefined ? layersOf(root, found, files) : sandboxed(sandbox),
    mounts: spec.mounts,
    // It is started at once by whoever makes it; what comes later than this is taken for the container's own.
    started: timeOf(container.created),
  };
}

function layersOf(root: string, found: Found, files: ReadonlyMap<string, Buffer>): Layers | Blind {
  const { container, driver } = found;
  const blind = (why: string): Blind => ({ what: 'file system', why });
  if (driver === 'overlay') {
    const lower = files.get(lowerPath(root, found));
    const links = lower === undefined ? undefined : parseLower(lower);
    if (links === undefined)
      return blind('the list of the layers below its writable one is missing or damaged');
    return {
      upper: `${root}/overlay/${container.layer}/diff`,
      lowers: links.map((link) => `${root}/overlay/${link}`),
      userAttributes: false,
    };
  }
  if (driver !== 'vfs') return unreadDriver(driver);
  const layer = layerLists(root)
    .map((path) => files.get(path))
    .map((bytes): StorageLayer | undefined =>
      bytes === undefined ? undefined : parseStorageLayers(bytes)?.get(container.layer),
    )
    .find((one) => one !== undefined);
  if (layer === undefined) return blind('layers.json does not name its layer');
  return {
    upper: `${root}/vfs/dir/${layer.id}`,
    lowers: layer.parent === '' ? [] : [`${root}/vfs/dir/${layer.parent}`],
    userAttributes: false,
    copy: true,
  };
}

import type { DockerContainer } from '../artifacts/docker-container.ts';
import { parseDockerContainer } from '../artifacts/docker-container.ts';
import { isStorageId, parseLower } from '../artifacts/containers-storage.ts';
import { unreadDriver } from './drivers.ts';
import type { NodeFiles } from './node-files.ts';
import type { Layers } from './overlay.ts';
import { pathText } from './path-text.ts';
import type { Blind } from './pod-diff.ts';
import type { StoreAnswer } from './stored-container.ts';
import { timeOf } from './stored-container.ts';
import type { Store } from './stores.ts';

/**
 * The containers of a dockerd with these full ids: their config.v2.json, and the layer database of the storage driver
 * (moby, layer/filestore.go and daemon/graphdriver/overlay2). Where containerd keeps docker's layers, it has the record too.
 */
export async function dockerContainers(
  node: NodeFiles,
  { root }: Store,
  ids: readonly string[],
): Promise<StoreAnswer> {
  const full = ids.filter(isStorageId);
  const configs = await node.files(full.map((id) => `${root}/containers/${id}/config.v2.json`));
  const found = full
    .map((id) => configs.get(`${root}/containers/${id}/config.v2.json`))
    .map((bytes) => (bytes === undefined ? undefined : parseDockerContainer(bytes)))
    .filter((container) => container !== undefined)
    .filter(({ driver }) => driver !== 'overlayfs');
  const mounts = await node.files(
    found.flatMap((container) => ['mount-id', 'init-id'].map((name) => mountFile(root, container, name))),
  );
  const text = (container: DockerContainer, name: string): string =>
    mounts
      .get(mountFile(root, container, name))
      ?.toString('latin1')
      .trim() ?? '';
  const lowerOf = (container: DockerContainer): string =>
    `${root}/overlay2/${text(container, 'mount-id')}/lower`;
  const wanted = found.filter((container) => isStorageId(text(container, 'mount-id')));
  const lowers = await node.files(wanted.filter(({ driver }) => driver === 'overlay2').map(lowerOf));
  return {
    containers: found.map((container) => {
      const layers = layersOf(
        root,
        container.driver,
        { mount: text(container, 'mount-id'), init: text(container, 'init-id') },
        lowers.get(lowerOf(container)),
      );
      return {
        id: container.id,
        runtime: 'docker',
        image: container.image,
        labels: container.labels,
        driver: container.driver === 'overlay2' ? 'overlay' : pathText(container.driver).path,
        layers,
        mounts: container.mounts,
        started: timeOf(container.started),
      };
    }),
    trouble: [],
  };
}

function layersOf(
  root: string,
  driver: string,
  ids: { readonly mount: string; readonly init: string },
  lower: Buffer | undefined,
): Layers | Blind {
  const blind = (why: string): Blind => ({ what: 'file system', why });
  if (driver !== 'overlay2' && driver !== 'vfs') return unreadDriver(pathText(driver).path);
  const init = /^(?:|[0-9a-f]{64}(?:-init)?)$/.test(ids.init);
  if (!isStorageId(ids.mount) || !init) return blind("docker's layer database does not name its layer");
  if (driver === 'vfs')
    return {
      upper: `${root}/vfs/dir/${ids.mount}`,
      lowers: ids.init === '' ? [] : [`${root}/vfs/dir/${ids.init}`],
      userAttributes: false,
      copy: true,
    };
  const links = lower === undefined ? undefined : parseLower(lower);
  if (links === undefined)
    return blind('the list of the layers below its writable one is missing or damaged');
  return {
    upper: `${root}/overlay2/${ids.mount}/diff`,
    lowers: links.map((link) => `${root}/overlay2/${link}`),
    userAttributes: false,
  };
}

function mountFile(root: string, { driver, id }: DockerContainer, name: string): string {
  const word = /^[a-z0-9-]{1,32}$/.test(driver) ? driver : 'unknown';
  return `${root}/image/${word}/layerdb/mounts/${id}/${name}`;
}

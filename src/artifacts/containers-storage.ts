import type { ContainerRecord } from './container-record.ts';
import { runtimeTime } from './container-record.ts';
import { jsonValue, labelsOf, objectOf, textOf, textsOf } from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** A container of CRI-O or podman: github.com/containers/storage, containers.go (containers.json, volatile-containers.json). */
export interface StorageContainer {
  readonly id: string;
  readonly names: readonly string[];
  /** Name of its layer's directory: 64 hex digits. */
  readonly layer: string;
  readonly image: string;
  /** RFC 3339. */
  readonly created: string;
  /** What the engine noted: for CRI-O the pod (internal/storage/runtime.go), for podman its own name and the image's. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A layer and the one below it: layers.go (layers.json). */
export interface StorageLayer {
  readonly id: string;
  readonly parent: string;
}

/**
 * The containers of such a file. An entry without a proper id and layer is left out: both become names of directories.
 * Undefined when the file is no list.
 */
export function parseStorageContainers(bytes: Buffer): StorageContainer[] | undefined {
  const list = jsonValue(bytes);
  if (!Array.isArray(list)) return undefined;
  return list
    .map((entry) => objectOf(entry) ?? {})
    .filter((entry) => isStorageId(entry['id']) && isStorageId(entry['layer']))
    .map((entry) => ({
      id: textOf(entry['id']) ?? '',
      names: textsOf(entry['names']),
      layer: textOf(entry['layer']) ?? '',
      image: textOf(entry['image']) ?? '',
      created: textOf(entry['created']) ?? '',
      metadata: labelsOf(jsonValue(textOf(entry['metadata']) ?? '')),
    }));
}

/**
 * The same as records of containers. CRI-O's say of which pod they are (internal/storage/runtime.go, RuntimeContainerMetadata), podman's
 * do not.
 */
export function* parseStorageRecords(bytes: Buffer): Generator<ContainerRecord | Malformed> {
  const containers = parseStorageContainers(bytes);
  if (containers === undefined) yield { malformed: 'no list of containers', offset: 0 };
  for (const { id, names, layer, image, created, metadata } of containers ?? []) {
    const crio = metadata['pod-id'] !== undefined;
    yield {
      id,
      runtime: crio ? 'cri-o' : 'podman',
      layer,
      ...present({
        name: names[0],
        image: metadata['image-name'],
        imageId: metadata['image-id'] ?? image,
        created: runtimeTime(created),
        ...(crio
          ? {
              container: metadata['metadata-name'],
              pod: metadata['pod-name'],
              namespace: metadata['namespace'],
              podUid: metadata['uid'],
              sandbox: metadata['pod-id'],
            }
          : {}),
      }),
    };
  }
}

/** The layers of such a file by their ids; undefined when it is no list. */
export function parseStorageLayers(bytes: Buffer): ReadonlyMap<string, StorageLayer> | undefined {
  const list = jsonValue(bytes);
  if (!Array.isArray(list)) return undefined;
  const layers = new Map<string, StorageLayer>();
  for (const entry of list.map(objectOf)) {
    const [id = '', parent = ''] = [textOf(entry?.['id']), textOf(entry?.['parent'])];
    if (isStorageId(id) && (parent === '' || isStorageId(parent))) layers.set(id, { id, parent });
  }
  return layers;
}

/**
 * The file `lower` of an overlay layer: short links relative to the driver's directory, topmost first, colon-separated
 * (containers/storage drivers/overlay/overlay.go and moby daemon/graphdriver/overlay2). Undefined for anything else.
 */
export function parseLower(bytes: Buffer): string[] | undefined {
  const links = bytes.toString('latin1').trimEnd().split(':');
  return links.every((link) => /^l\/[A-Z0-9]{26}$/.test(link)) ? links : undefined;
}

/** Ids of containers and layers. */
export function isStorageId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

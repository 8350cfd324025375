import type { SpecMount } from './container-spec.ts';
import { jsonObject, labelsOf, objectOf, textOf } from './json.ts';

/** What docker keeps of a container in containers/ID/config.v2.json: moby, daemon/container/container.go. */
export interface DockerContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Id of the image, `sha256:…`. */
  readonly imageID: string;
  /** Storage driver: `overlay2`, `vfs`, `btrfs`, …; `overlayfs` when containerd keeps the layers. */
  readonly driver: string;
  readonly running: boolean;
  /** RFC 3339; empty when it never started. */
  readonly started: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly SpecMount[];
}

/** Reads such a file; undefined when it is none. */
export function parseDockerContainer(bytes: Buffer): DockerContainer | undefined {
  const record = jsonObject(bytes) ?? {};
  const config = objectOf(record['Config']) ?? {};
  const state = objectOf(record['State']) ?? {};
  const id = textOf(record['ID']) ?? '';
  if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
  const started = textOf(state['StartedAt']) ?? '';
  return {
    id,
    name: (textOf(record['Name']) ?? '').replace(/^\//, ''),
    image: textOf(config['Image']) ?? '',
    imageID: textOf(record['Image']) ?? '',
    driver: textOf(record['Driver']) ?? '',
    running: state['Running'] === true,
    started: started.startsWith('0001-') ? '' : started,
    labels: labelsOf(config['Labels']),
    mounts: Object.values(objectOf(record['MountPoints']) ?? {})
      .map((mount) => objectOf(mount) ?? {})
      .filter((mount) => textOf(mount['Destination'])?.startsWith('/') === true)
      .map((mount) => ({
        destination: textOf(mount['Destination']) ?? '',
        type: textOf(mount['Type']) ?? 'bind',
        source: textOf(mount['Source']) ?? '',
        readOnly: mount['RW'] === false,
      })),
  };
}

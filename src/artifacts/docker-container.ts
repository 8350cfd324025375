import type { ContainerRecord } from './container-record.ts';
import { runtimeTime } from './container-record.ts';
import type { SpecMount } from './container-spec.ts';
import {
  booleanOf,
  jsonObject,
  type JsonObject,
  labelsOf,
  numberOf,
  objectOf,
  textOf,
  textsOf,
} from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** What docker keeps of a container in containers/ID/config.v2.json: moby, daemon/container/container.go and state.go. */
export interface DockerContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Id of the image, `sha256:…`. */
  readonly imageID: string;
  /** Storage driver: `overlay2`, `vfs`, `btrfs`, …; `overlayfs` when containerd keeps the layers. */
  readonly driver: string;
  /** In docker's own words, as `docker ps` has them. */
  readonly state: string;
  /** RFC 3339; empty when it never started. */
  readonly started: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly SpecMount[];
}

/** Reads such a file; undefined when it is none. */
export function parseDockerContainer(bytes: Buffer): DockerContainer | undefined {
  const file = fileOf(bytes);
  if (file === undefined) return undefined;
  const { id, record, config, state } = file;
  return {
    id,
    name: (textOf(record['Name']) ?? '').replace(/^\//, ''),
    image: textOf(config['Image']) ?? '',
    imageID: textOf(record['Image']) ?? '',
    driver: textOf(record['Driver']) ?? '',
    state: stateOf(state),
    started: runtimeTime(textOf(state['StartedAt'])) ?? '',
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

/** The same file as a record of a container, with its pod where the kubelet's labels name one (dockershim, cri-dockerd). */
export function* parseDockerRecord(bytes: Buffer, path: Buffer): Generator<ContainerRecord | Malformed> {
  const file = fileOf(bytes);
  const container = parseDockerContainer(bytes);
  if (file === undefined || container === undefined || !path.includes(`/${container.id}/`)) {
    yield { malformed: 'no container of docker, or not the one of its directory', offset: 0 };
    return;
  }
  const { record, config, state } = file;
  const { id, name, image, imageID, driver, labels, mounts } = container;
  const label = (word: string): string | undefined => labels[`io.kubernetes.${word}`];
  const pid = numberOf(state['Pid']) ?? 0;
  const ended = runtimeTime(textOf(state['FinishedAt']));
  const exitCode = numberOf(state['ExitCode']) ?? 0;
  yield {
    id,
    state: container.state,
    labels,
    args: [textOf(record['Path']) ?? '', ...textsOf(record['Args'])],
    environment: textsOf(config['Env']),
    mounts: mounts.map(({ destination, source, type, readOnly }) => ({
      ...{ destination, source, type },
      options: [readOnly ? 'ro' : 'rw'],
    })),
    ...present({
      name: filled(name),
      image: filled(image),
      imageId: filled(imageID),
      driver: filled(driver),
      kind: label('docker.type'),
      container: label('container.name'),
      pod: label('pod.name'),
      namespace: label('pod.namespace'),
      podUid: label('pod.uid'),
      sandbox: label('sandbox.id'),
      directory: filled(textOf(config['WorkingDir'])),
      pid: pid > 0 ? pid : undefined,
      created: runtimeTime(textOf(record['Created'])),
      started: filled(container.started),
      finished: ended,
      // What never ended has the code 0 too; one that could not be started has another.
      exitCode: ended !== undefined || exitCode !== 0 ? exitCode : undefined,
      outOfMemory: state['OOMKilled'] === true ? true : undefined,
      error: filled(textOf(state['Error'])),
      restarts: numberOf(record['RestartCount']),
      logPath: filled(textOf(record['LogPath'])),
      appArmor: filled(textOf(record['AppArmorProfile'])),
      noNewPrivileges: booleanOf(record['NoNewPrivileges']),
    }),
  };
}

interface DockerFile {
  readonly id: string;
  readonly record: JsonObject;
  readonly config: JsonObject;
  readonly state: JsonObject;
}

function fileOf(bytes: Buffer): DockerFile | undefined {
  const record = jsonObject(bytes) ?? {};
  const id = textOf(record['ID']) ?? '';
  if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
  return { id, record, config: objectOf(record['Config']) ?? {}, state: objectOf(record['State']) ?? {} };
}

/** daemon/container/state.go, StateString. */
function stateOf(state: JsonObject): string {
  const is = (name: string): boolean => state[name] === true;
  if (is('Running')) return is('Paused') ? 'paused' : is('Restarting') ? 'restarting' : 'running';
  if (is('RemovalInProgress')) return 'removing';
  if (is('Dead')) return 'dead';
  return runtimeTime(textOf(state['StartedAt'])) === undefined ? 'created' : 'exited';
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

import type { ContainerRecord } from './container-record.ts';
import { jsonObject, numberOf, objectsOf, textOf, textsOf } from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** Namespaces that a container of docker has of its own unless its mode is `host`. */
const modes = { pid: 'PidMode', network: 'NetworkMode', ipc: 'IpcMode', uts: 'UTSMode' } as const;

/**
 * What of the node docker gave a container, in containers/ID/hostconfig.json: moby, api/types/container/hostconfig.go. Capabilities are
 * those beyond docker's usual ones.
 */
export function* parseDockerHostConfig(bytes: Buffer, path: Buffer): Generator<ContainerRecord | Malformed> {
  const config = jsonObject(bytes);
  const id = /\/([0-9a-f]{64})\/[^/]+$/.exec(path.toString('latin1'))?.[1];
  if (id === undefined || config === undefined || textOf(config['NetworkMode']) === undefined) {
    yield { malformed: 'no settings of a container of docker', offset: 0 };
    return;
  }
  const privileged = config['Privileged'] === true;
  const nanoseconds = numberOf(config['NanoCpus']) ?? 0;
  yield {
    id,
    privileged,
    allDevices: privileged,
    capabilities: textsOf(config['CapAdd']).map((name) => name.toUpperCase().replace(/^CAP_/, '')),
    namespaces: [
      { type: 'mount' },
      ...Object.entries(modes)
        .filter(([, mode]) => textOf(config[mode]) !== 'host')
        .map(([type]) => ({ type })),
    ],
    devices: objectsOf(config['Devices']).map((device) => textOf(device['PathOnHost']) ?? ''),
    maskedPaths: textsOf(config['MaskedPaths']),
    readOnlyPaths: textsOf(config['ReadonlyPaths']),
    readOnlyRoot: config['ReadonlyRootfs'] === true,
    ...present({
      processors: nanoseconds > 0 ? nanoseconds / 1e9 : undefined,
      cgroup: textOf(config['CgroupParent']) === '' ? undefined : textOf(config['CgroupParent']),
    }),
  };
}

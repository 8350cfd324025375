import type { ContainerRecord } from './container-record.ts';
import { runtimeTime } from './container-record.ts';
import { instantText } from './instant.ts';
import { exactJsonObject, jsonObject, type JsonObject, numberOf, textOf } from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/**
 * How a container of the kubelet's is doing, as containerd's CRI plugin keeps it in `containers/ID/status`, times in nanoseconds since 1970:
 * containerd, internal/cri/store/container/status.go.
 */
export function* parseContainerdStatus(bytes: Buffer, path: Buffer): Generator<ContainerRecord | Malformed> {
  const status = exactJsonObject(bytes);
  const id = idAt(path);
  if (id === undefined || status === undefined || status['Version'] !== 'v1') {
    yield { malformed: 'no status of a container of containerd', offset: 0 };
    return;
  }
  const [created, started, finished] = ['CreatedAt', 'StartedAt', 'FinishedAt'].map((key) =>
    nanoTime(status[key]),
  );
  const state = finished !== undefined ? 'exited' : started !== undefined ? 'running' : 'created';
  const because = [textOf(status['Reason']), textOf(status['Message'])].filter((text) => text);
  yield {
    id,
    state,
    ...endOf(state, numberOf(status['Pid']), numberOf(status['ExitCode'])),
    ...present({
      ...{ created, started, finished },
      outOfMemory: status['Reason'] === 'OOMKilled' ? true : undefined,
      error: state === 'exited' && because.length > 0 ? because.join(': ') : undefined,
    }),
  };
}

/** The same of CRI-O in userdata/state.json: cri-o, internal/oci/container.go, ContainerState. */
export function* parseCrioState(bytes: Buffer, path: Buffer): Generator<ContainerRecord | Malformed> {
  const file = jsonObject(bytes);
  const id = idAt(path);
  const status = textOf(file?.['status']);
  if (id === undefined || file === undefined || status === undefined || file['id'] !== id) {
    yield { malformed: 'no state of a container of CRI-O, or not of the one of its directory', offset: 0 };
    return;
  }
  const state = status === 'stopped' ? 'exited' : status;
  yield {
    id,
    state,
    ...endOf(state, numberOf(file['initPid']) ?? numberOf(file['pid']), numberOf(file['exitCode'])),
    ...present({
      created: timeOf(file, 'created'),
      started: timeOf(file, 'started'),
      finished: timeOf(file, 'finished'),
      outOfMemory: file['oomKilled'] === true ? true : undefined,
      error: textOf(file['error']) === '' ? undefined : textOf(file['error']),
    }),
  };
}

/** The id in `…/ID/status` and `…/ID/userdata/state.json`. */
function idAt(path: Buffer): string | undefined {
  return /\/([0-9a-f]{64})\/(?:userdata\/)?[^/]+$/.exec(path.toString('latin1'))?.[1];
}

/** A process that ended has no number any more, and one that runs has no exit code yet. */
function endOf(state: string, pid = 0, exitCode?: number): Partial<ContainerRecord> {
  const ended = state === 'exited';
  return present({
    pid: !ended && pid > 0 ? pid : undefined,
    exitCode: ended ? exitCode : undefined,
  });
}

function timeOf(file: JsonObject, key: string): string | undefined {
  return runtimeTime(textOf(file[key]));
}

function nanoTime(value: unknown): string | undefined {
  if (typeof value !== 'bigint' || value <= 0n) return undefined;
  const second = 1_000_000_000n;
  return instantText(Number(value / second), Number(value % second), 9);
}

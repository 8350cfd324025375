import { utcText } from '../artifacts/instant.ts';
import {
  jsonObject,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../artifacts/json.ts';
import { present } from '../artifacts/present.ts';

/** One change of a container against its image, as `diff` kept it (schema/pod-diff.json); paths are escaped there. */
export interface ContainerChange {
  readonly path: string;
  readonly change: string;
  readonly type: string;
  readonly content?: string;
  readonly device?: string;
  readonly mode?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly flags: readonly string[];
}

/** A process of a container that runs what its image has not. */
export interface ForeignProcess {
  readonly pid: number;
  readonly name: string;
  readonly executable: string;
  readonly reason: string;
  /** RFC 3339 in UTC by the node's clock. */
  readonly started?: string;
}

/** What one container changed. */
export interface ContainerChanges {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly changes: readonly ContainerChange[];
  readonly processes: readonly ForeignProcess[];
}

/** The containers of a kept diff; undefined when the text is none. Members of other types are left out: the case may have been in other hands. */
export function parseContainerChanges(bytes: Buffer): ContainerChanges[] | undefined {
  const diff = jsonObject(bytes);
  if (diff?.['kind'] !== 'PodDiff') return undefined;
  const pod = objectOf(diff['pod']) ?? {};
  return objectsOf(diff['containers']).map((container) => ({
    namespace: textOf(pod['namespace']) ?? '',
    pod: textOf(pod['name']) ?? '',
    container: textOf(container['name']) ?? '',
    changes: objectsOf(container['changes']).map(changeOf),
    processes: objectsOf(container['processes']).map((process) => ({
      pid: numberOf(process['pid']) ?? 0,
      name: textOf(process['name']) ?? '',
      executable: textOf(process['executable']) ?? '',
      reason: textOf(process['reason']) ?? '',
      ...present({ started: utcText(textOf(process['started']) ?? '') }),
    })),
  }));
}

function changeOf(change: JsonObject): ContainerChange {
  return {
    path: textOf(change['path']) ?? '',
    change: textOf(change['change']) ?? '',
    type: textOf(change['type']) ?? '',
    ...present({
      content: textOf(change['content']),
      device: textOf(change['device']),
      mode: textOf(change['mode']),
      sha256: textOf(change['sha256']),
      size: numberOf(change['size']),
    }),
    flags: textsOf(change['flags']),
  };
}

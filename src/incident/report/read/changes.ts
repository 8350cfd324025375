import type { PodDiffPiece } from '../../../artifacts/pod-diff.ts';
import {
  booleanOf,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../../../artifacts/json.ts';
import { present } from '../../../artifacts/present.ts';
import type { ChangeFacts, ContainerFacts } from '../facts/changes.ts';

const mostChanges = 200;
/** A runtime makes a handful; more of them are somebody else's. */
const mostByRuntime = 1000;

/** One path in one container. */
export function placeKey(pod: string, container: string, path: string): string {
  return [pod, container, path].join('\0');
}

/** Puts a comparison (schema/pod-diff.json) together from its pieces, with the first of the changes of each container. */
export class ChangeReading {
  readonly #acquisition: string;
  readonly #command: string;
  #pod: { namespace: string; pod: string } = { namespace: '', pod: '' };
  readonly #containers: {
    about: Omit<ContainerFacts, 'changes' | 'byRuntime' | 'namespace' | 'pod'>;
    changes: ChangeFacts[];
    total: number;
    byRuntime: number;
  }[] = [];
  /** What the runtime made, as `PATH` of `NAMESPACE/NAME CONTAINER`; see `placeKey`. */
  readonly runtime = new Set<string>();

  constructor(acquisition: string, caseName: string) {
    this.#acquisition = acquisition;
    this.#command = `kubectl ir timeline ${caseName} -o json`;
  }

  add(piece: PodDiffPiece): void {
    if (piece.kind === 'pod')
      this.#pod = { namespace: textOf(piece.pod['namespace']) ?? '', pod: textOf(piece.pod['name']) ?? '' };
    else if (piece.kind === 'container')
      this.#containers.push({ about: this.#about(piece.container), changes: [], total: 0, byRuntime: 0 });
    else this.#addChange(changeOf(piece.change));
  }

  get containers(): ContainerFacts[] {
    return this.#containers.map(({ about, changes, total, byRuntime }) => ({
      ...this.#pod,
      ...about,
      changes: { items: changes, total, command: this.#command },
      byRuntime,
    }));
  }

  #addChange(change: ChangeFacts): void {
    const container = this.#containers.at(-1);
    if (container === undefined) return;
    if (change.flags.includes('runtime')) {
      container.byRuntime += 1;
      const { namespace, pod } = this.#pod;
      if (this.runtime.size < mostByRuntime)
        this.runtime.add(placeKey(`${namespace}/${pod}`, container.about.container, change.path));
      return;
    }
    container.total += 1;
    if (container.changes.length < mostChanges) container.changes.push(change);
  }

  #about(container: JsonObject): Omit<ContainerFacts, 'changes' | 'byRuntime' | 'namespace' | 'pod'> {
    return {
      container: textOf(container['name']) ?? '',
      acquisition: this.#acquisition,
      image: textOf(container['image']) ?? '',
      ...present({ id: textOf(container['id']), imageID: textOf(container['imageID']) }),
      blind: blindOf(container),
      complete: booleanOf(objectOf(container['summary'])?.['complete']) ?? false,
      processes: objectsOf(container['processes']).map((process) => ({
        pid: numberOf(process['pid']) ?? 0,
        name: textOf(process['name']) ?? '',
        executable: textOf(process['executable']) ?? '',
        reason: textOf(process['reason']) ?? '',
        ...present({ started: textOf(process['started']) }),
      })),
    };
  }
}

function blindOf(container: JsonObject): string[] {
  return [
    ...textsOf(container['blind']),
    ...objectsOf(container['blind']).map((one) => Object.values(one).map(String).join(': ')),
  ];
}

function changeOf(change: JsonObject): ChangeFacts {
  return {
    path: textOf(change['path']) ?? '',
    change: textOf(change['change']) ?? '',
    type: textOf(change['type']) ?? '',
    flags: textsOf(change['flags']),
    ...present({
      size: numberOf(change['size']),
      time: textOf(change['ctime']),
      sha256: textOf(change['sha256']),
    }),
  };
}

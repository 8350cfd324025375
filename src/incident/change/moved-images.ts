import { utcText } from '../../artifacts/instant.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import { change, type ConfigurationChange, type ObjectName } from './change.ts';
import { nameOf, objectFacts } from './object-facts.ts';
import { type Rollback, setImage } from './rollback.ts';

/** One container that runs an image. */
interface Running {
  readonly pod: ObjectName;
  readonly container: string;
  readonly node: string;
  readonly image: string;
  /** `sha256:…` of the repository's digest. */
  readonly digest: string;
  readonly started: string;
}

/**
 * Images that are named by a tag and meant something else later: the same text in the specifications of two pods, and two digests in
 * what they run. `affected` are the pods that it is looked for, `siblings` those that they are compared with; `workloadOf` names what to
 * change of a pod. Only digests of repositories are compared: what else runtimes report differs from one to the other.
 */
export function movedImages(
  affected: readonly JsonObject[],
  siblings: readonly JsonObject[],
  workloadOf: (pod: ObjectName) => ObjectName | undefined,
): ConfigurationChange[] {
  const byImage = new Map<string, Running[]>();
  for (const running of [...affected, ...siblings].flatMap(runningOf)) {
    const same = byImage.get(running.image);
    if (same === undefined) byImage.set(running.image, [running]);
    else same.push(running);
  }
  const moves = new Map([...byImage].map(([image, all]) => [image, movesOf(all)]));
  const told = new Set<string>();
  return affected.flatMap(runningOf).flatMap((running) => {
    const { first: moved = running, earlier } = moves.get(running.image)?.get(running.digest) ?? {};
    if (earlier === undefined) return [];
    const { pod, container, image } = running;
    const object = workloadOf(pod) ?? pod;
    const key = JSON.stringify([object, container, image, running.digest]);
    if (told.has(key)) return [];
    told.add(key);
    return [
      change({
        time: moved.started,
        atLatest: true,
        source: 'image',
        object,
        action: 'changed',
        what: `tag moved: ${image} was another image in pod ${earlier.pod.name} on ${earlier.node}`,
        fields: [{ path: `image ${image}`, before: earlier.digest, after: running.digest }],
        ...undo(object, container, `${repositoryOf(image)}@${earlier.digest}`),
      }),
    ];
  });
}

/** A digest by who ran it first, and who ran another one last before that. */
interface Move {
  readonly first: Running;
  readonly earlier?: Running;
}

/** What each digest of one image came after. */
function movesOf(all: readonly Running[]): ReadonlyMap<string, Move> {
  const ordered = all.toSorted((a, b) => (a.started < b.started ? -1 : a.started > b.started ? 1 : 0));
  const moves = new Map<string, Move>();
  // The last one that started before the moment that is looked at; all of its digests are others than one that is new.
  let earlier: Running | undefined;
  for (const [at, running] of ordered.entries()) {
    const before = ordered[at - 1];
    if (before !== undefined && before.started < running.started) earlier = before;
    if (!moves.has(running.digest))
      moves.set(running.digest, earlier === undefined ? { first: running } : { first: running, earlier });
  }
  return moves;
}

function undo(object: ObjectName, container: string, image: string): Rollback {
  if (object.kind === 'Pod')
    return { noRollback: `nothing owns the pod: make it again with the image ${image}` };
  return setImage(object, container, image);
}

function runningOf(pod: JsonObject): Running[] {
  const facts = objectFacts(pod);
  const [spec, status] = [objectOf(pod['spec']), objectOf(pod['status'])];
  if (facts === undefined) return [];
  const node = textOf(spec?.['nodeName']) ?? '';
  const parts = [
    ['containers', 'containerStatuses'],
    ['initContainers', 'initContainerStatuses'],
  ] as const;
  return parts.flatMap(([containers, statuses]) => {
    const states = objectsOf(status?.[statuses]);
    return objectsOf(spec?.[containers]).flatMap((container) => {
      const [name, image] = [textOf(container['name']), textOf(container['image'])];
      const state = states.find((one) => one['name'] === name);
      const digest = /@(sha256:[0-9a-f]{64})$/.exec(textOf(state?.['imageID']) ?? '')?.[1];
      if (name === undefined || image === undefined || image.includes('@') || digest === undefined) return [];
      const started = startOf(state) ?? utcText(textOf(status?.['startTime']) ?? '') ?? facts.created;
      return [{ pod: nameOf(facts), container: name, node, image, digest, started }];
    });
  });
}

function startOf(status: JsonObject | undefined): string | undefined {
  const state = objectOf(status?.['state']);
  const of = objectOf(state?.['running']) ?? objectOf(state?.['terminated']);
  return utcText(textOf(of?.['startedAt']) ?? '');
}

/** The image without its tag; a port of its registry is none. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]*$/, '');
}

import { type JsonObject, membersBut, objectOf } from '../../artifacts/json.ts';
import { splitApiVersion } from '../../cluster/path.ts';
import { shellWord } from '../../output/shell-word.ts';
import type { ConfigurationChange, ObjectName } from './change.ts';
import { holdsSecrets, jsonText } from './field-difference.ts';

/** A command, or why there is none. */
export type Rollback = Pick<ConfigurationChange, 'rollback' | 'noRollback'>;

/** A longer command line is refused by kernels (Linux: 128 KiB for one argument). */
const longest = 100_000;

/** Kinds with which the pods go that they made (garbage collection of owned objects). */
const makersOfPods: ReadonlySet<string> = new Set([
  ...['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
]);

/** What undoes the creation of an object; of a pod and of what takes pods along nothing does, since they may be the evidence. */
export function deletion(object: ObjectName): Rollback {
  if (object.kind === 'Pod') return { noRollback: 'a pod is evidence: isolate it, and look at what made it' };
  if (object.kind === 'Namespace')
    return { noRollback: 'with a namespace all that is in it goes, and may be evidence' };
  if (makersOfPods.has(object.kind))
    return { noRollback: 'with it its pods go, which may be evidence: isolate them first' };
  return command(['kubectl', 'delete', typeAndName(object), ...placeOf(object)]);
}

/** What makes a deleted object again, or puts a changed one back, from its state before, which is in `place`. */
export function restoration(verb: 'create' | 'replace', before: JsonObject, place: string): Rollback {
  if (holdsSecrets(before))
    return { noRollback: `what it was before holds credentials and is not printed; it is in ${place}` };
  const text = jsonText(asWritten(before))?.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const word = text === undefined ? undefined : shellWord(text);
  if (word === undefined) return { noRollback: `what it was before can't be pasted; it is in ${place}` };
  if (word.length > longest)
    return { noRollback: `what it was before is too long to be pasted; it is in ${place}` };
  return { rollback: `printf '%s' ${word} | kubectl ${verb} -f -` };
}

/** What goes back to a revision of a Deployment, DaemonSet or StatefulSet. */
export function rolloutUndo(object: ObjectName, revision: number): Rollback {
  return command([
    'kubectl',
    'rollout',
    'undo',
    typeAndName(object),
    ...placeOf(object),
    `--to-revision=${revision}`,
  ]);
}

/** What has the containers of a workload run an image by its digest. */
export function setImage(object: ObjectName, container: string, image: string): Rollback {
  return command([
    'kubectl',
    'set',
    'image',
    typeAndName(object),
    ...placeOf(object),
    `${container}=${image}`,
  ]);
}

/** What goes back to a revision of a Helm release. */
export function helmRollback(release: string, revision: number, namespace: string): Rollback {
  return command(['helm', 'rollback', release, String(revision), '-n', namespace]);
}

function command(words: readonly string[]): Rollback {
  const isOurs = (word: string): boolean => word === '-n' || /^--to-revision=[0-9]+$/.test(word);
  // No quotes keep a program from taking a name for an option.
  const quoted = words.map((word) =>
    isOurs(word) ? word : word.startsWith('-') ? undefined : shellWord(word),
  );
  return quoted.some((word) => word === undefined)
    ? { noRollback: 'a name in it has characters that no one can paste; use the API with its exact name' }
    : { rollback: quoted.join(' ') };
}

/** `TYPE/NAME`: so a name that begins with a dash is no option. */
function typeAndName({ apiVersion, kind, name }: ObjectName): string {
  const { group } = splitApiVersion(apiVersion);
  const type = kind.toLowerCase();
  return `${group === '' || wellKnown.has(kind) ? type : `${type}.${group}`}/${name}`;
}

/** Kinds whose name alone means them for kubectl, whatever else is installed: its own groups come first. */
const wellKnown: ReadonlySet<string> = new Set([
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
]);

function placeOf({ namespace }: ObjectName): string[] {
  return namespace === undefined ? [] : ['-n', namespace];
}

/** An object without what the server sets. */
function asWritten(object: JsonObject): JsonObject {
  const metadata = membersBut(objectOf(object['metadata']) ?? {}, ...setByServer);
  const { apiVersion, kind } = object;
  return { apiVersion, kind, metadata, ...membersBut(object, 'apiVersion', 'kind', 'metadata', 'status') };
}

const setByServer: readonly string[] = [
  ...['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields', 'selfLink'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
];

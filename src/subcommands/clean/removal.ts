import { type JsonObject, objectOf, textOf, textsOf } from '../../artifacts/json.ts';
import type { Api } from '../../cluster/api.ts';
import { deleteObject, getObjectOrUndefined } from '../../cluster/apply.ts';
import { listAll } from '../../cluster/list.ts';
import { resourcePath, splitApiVersion } from '../../cluster/path.ts';
import type { Acquisition } from '../../evidence/acquisition.ts';
import { keepAnswer } from '../../evidence/api-items.ts';
import type { Case } from '../../evidence/case.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { type CleanTarget, controllerOf, makerText, pathOf } from './target.ts';

/** What became of one object. `returned`: something took its place within the time that it was watched. */
export interface Removed {
  readonly object: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly outcome: 'deleted' | 'returned' | 'terminating' | 'not deleted';
  /** Who made it again, why it was not deleted, or what it waits for. */
  readonly why?: string;
}

export interface RemovalRun {
  readonly api: Api;
  readonly io: Io;
  readonly opened: Case;
  readonly reason?: string;
  readonly signal: AbortSignal;
}

/** How long it is watched whether something comes back, and how often it is looked. */
export const watchMs = 60_000;
const lookMs = 2_000;

interface Gone {
  readonly target: CleanTarget;
  /** Objects with the same controller that were there already, by uid. */
  readonly siblings: ReadonlySet<string>;
}

/** Saves each object whole into the case, deletes that very object, and watches for a minute whether it comes back. */
export async function removeObjects(run: RemovalRun, targets: readonly CleanTarget[]): Promise<Removed[]> {
  const { opened, signal } = run;
  const done = new Map<CleanTarget, Removed>();
  const gone: Gone[] = [];
  const acquisition = await opened.startAcquisition({ kind: 'clean', target: 'objects' });
  const saved = new Set<CleanTarget>();
  for (const target of targets) if (await save(run, acquisition, target)) saved.add(target);
  await acquisition.finish({ outcome: saved.size === targets.length ? 'complete' : 'partial' });
  for (const target of targets) {
    signal.throwIfAborted();
    if (!saved.has(target)) {
      done.set(target, told(target, 'not deleted', 'it could not be saved into the case'));
      continue;
    }
    const siblings = new Set((await siblingsOf(run, target)).map(uidOf));
    const why = await remove(run, target);
    if (why === undefined) gone.push({ target, siblings });
    else done.set(target, told(target, 'not deleted', why));
  }
  for (const [target, removed] of await watchAll(run, gone)) done.set(target, removed);
  const all = targets.flatMap((target) => done.get(target) ?? []);
  await opened.custody.append({
    ...{
      action: 'clean',
      object: opened.name,
      result: all.every(({ outcome }) => outcome === 'deleted') ? 'done' : 'partial',
    },
    details: { watchedSeconds: watchMs / 1000, objects: all },
  });
  return all;
}

function told({ text, ref, uid }: CleanTarget, outcome: Removed['outcome'], why?: string): Removed {
  const { namespace } = ref;
  return {
    object: text,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    outcome,
    ...(why === undefined ? {} : { why }),
  };
}

/** The answer of the server as it came; false when it is not in the case. */
async function save(
  { api, io, signal }: RemovalRun,
  acquisition: Acquisition,
  target: CleanTarget,
): Promise<boolean> {
  const { resource, namespace, name, apiVersion } = target.ref;
  const { group } = splitApiVersion(apiVersion);
  const place = [
    ...(group === '' ? [] : [group]),
    resource,
    ...(namespace === undefined ? [] : [namespace]),
    name,
  ];
  const item = {
    name: `live_response/kubernetes/clean/${place.map(encodeURIComponent).join('/')}.json`,
    path: pathOf(target),
    doing: `get ${target.text}`,
  };
  return keepAnswer(api, io, acquisition, item, signal);
}

/** Why it was not deleted; undefined when the server took it. Custody has it before and after. */
async function remove(
  { api, io, opened, reason, signal }: RemovalRun,
  target: CleanTarget,
): Promise<string | undefined> {
  const { ref, uid, text } = target;
  const where = ref.namespace === undefined ? '' : ` in namespace ${ref.namespace}`;
  const act = {
    ...{ action: 'clean', object: `${text}${where}` },
    details: { uid, ...(reason === undefined ? {} : { evenIf: reason }) },
  };
  await opened.custody.append({ ...act, result: 'started' });
  try {
    const there = await deleteObject(api, ref, { uid, signal });
    await opened.custody.append({ ...act, result: there ? 'deleted' : 'gone already' });
    await createProgress(io).note(there ? 'Removed' : 'Gone already', `${text}${where}`);
    return undefined;
  } catch (error) {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    const conflict = error instanceof ApiError && error.reason === 'Conflict';
    const why = conflict
      ? `another object of that name took its place meanwhile: ${error.message}`
      : error.message;
    await opened.custody.append({ ...act, result: 'failed', details: { ...act.details, why } });
    return why;
  }
}

async function watchAll(run: RemovalRun, gone: readonly Gone[]): Promise<Map<CleanTarget, Removed>> {
  const { io, signal } = run;
  const found = new Map<CleanTarget, Removed>();
  if (gone.length === 0) return found;
  await createProgress(io).note(
    'Watch',
    `for ${watchMs / 1000} s whether it comes back; an interrupt leaves it removed`,
  );
  const end = io.monotonic() + watchMs;
  for (;;) {
    for (const one of gone) {
      if (found.get(one.target)?.outcome === 'returned') continue;
      found.set(one.target, await lookFor(run, one));
    }
    if (io.monotonic() >= end || gone.every(({ target }) => found.get(target)?.outcome === 'returned'))
      return found;
    await io.sleep(lookMs, signal);
  }
}

async function lookFor(run: RemovalRun, { target, siblings }: Gone): Promise<Removed> {
  const live = await getObjectOrUndefined<JsonObject>(run.api, target.ref, run.signal);
  if (live !== undefined && uidOf(live) !== target.uid)
    return told(target, 'returned', `by ${makerText(live)}`);
  const fresh = (await siblingsOf(run, target)).find((one) => !siblings.has(uidOf(one)));
  if (fresh !== undefined) {
    const name = textOf(objectOf(fresh['metadata'])?.['name']) ?? '';
    return told(target, 'returned', `as ${name}, by ${makerText(fresh)}`);
  }
  if (live === undefined) return told(target, 'deleted');
  const finalizers = textsOf(objectOf(live['metadata'])?.['finalizers']);
  return told(
    target,
    'terminating',
    finalizers.length === 0 ? 'it is ending' : `it waits for ${finalizers.join(', ')}`,
  );
}

/** The objects of its kind that its controller has; none without a controller, or where they may not be listed. */
async function siblingsOf({ api, signal }: RemovalRun, { ref, object }: CleanTarget): Promise<JsonObject[]> {
  const controller = controllerOf(object);
  if (controller === undefined) return [];
  const { namespace, resource } = ref;
  const path = resourcePath({ ...splitApiVersion(ref.apiVersion), namespace, resource });
  const all: JsonObject[] = [];
  try {
    for await (const one of listAll<JsonObject>(api, { path, signal }))
      if (controllerOf(one)?.uid === controller.uid) all.push(one);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
  }
  return all;
}

function uidOf(object: JsonObject): string {
  return textOf(objectOf(object['metadata'])?.['uid']) ?? '';
}

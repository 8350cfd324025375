import type { ItemSink } from '../artifacts/item.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import { Capture } from './capture.ts';
import type { ChangeLog } from './change-log.ts';
import { blindDiff, containerDiff } from './container-diff.ts';
import type { ContainerTarget } from './container.ts';
import { containersOf, unreadable } from './container.ts';
import { lookBeside } from './beside.ts';
import { collectContents } from './contents.ts';
import { hiddenProcesses, programsOf } from './hidden-process.ts';
import type { Layers } from './overlay.ts';
import type { StoredSearch } from './find-stored.ts';
import { findStored, storedOf } from './find-stored.ts';
import { MountListing } from './mount-contents.ts';
import { readMounts } from './mounts.ts';
import type { NodeTables, Place } from './place.ts';
import { needsRecord, placeOfProcess, placeOfRecord, readablePlace } from './place.ts';
import type { Blind, ContainerDiff, PodDiff } from './pod-diff.ts';
import { firstProcess, parseMembers } from './processes.ts';
import { isBlind } from './stored-container.ts';
import { walkContainer } from './walk-container.ts';
import { walkToken } from './walk-token.ts';

/** Most bytes about processes and mounts that are held in memory. */
const locateLimit = 64 * 1024 * 1024;

export interface DiffOptions {
  /** Names of containers; all of the pod when there are none. */
  readonly containers?: readonly string[];
  /** The instances before the last restart, in place of the present ones. */
  readonly previous?: boolean;
  /** Changed files are put into the evidence too, within caps. */
  readonly content: boolean;
  /** When the incident began, in nanoseconds since the epoch; what changed since is marked. */
  readonly incident?: bigint | undefined;
  /** Makes what holds the changes of one container while the diff is used. */
  readonly newLog: () => Promise<ChangeLog>;
  /** Takes everything that the node sends, before it is parsed. */
  readonly sink: ItemSink;
  readonly signal: AbortSignal;
}

interface Looked {
  readonly diff: ContainerDiff;
  readonly upper: string;
  readonly layers?: Layers;
}

/**
 * Compares the file systems of a pod's containers with their images, from the node, through `collector` on the pod's node.
 * Nothing is run in the containers and nothing of theirs is written.
 * What could not be looked at is in `blind` of its container. Throws OperationError for an unknown container name, PartialError when
 * the stream broke.
 */
export async function diffPod(collector: Collector, pod: Pod, options: DiffOptions): Promise<PodDiff> {
  const targets = containersOf(pod, options.containers, { previous: options.previous === true });
  const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'PodDiff',
    pod: { namespace, name, uid, node: pod.spec?.nodeName ?? '' },
    containers: await diffContainers(collector, targets, pod, options),
  };
}

/** The same for containers of one node, of a pod or of none that the API knows. What runtimes keep of them may have been read before. */
export async function diffContainers(
  collector: Collector,
  targets: readonly ContainerTarget[],
  pod: Pod | undefined,
  options: DiffOptions,
  known?: StoredSearch,
): Promise<ContainerDiff[]> {
  const readable = targets.filter((target) => unreadable(target, pod) === undefined);
  const token = walkToken();
  const located = new Capture(options.sink, new Set(['container']), locateLimit);
  if (readable.length > 0)
    await collector.collect('diff-locate', [token, ...readable.map(({ id }) => id)], located, options.signal);
  const places = await findPlaces(collector, readable, pod, { located, token, known }, options);
  const looked: Looked[] = [];
  for (const target of targets) {
    const reason = unreadable(target, pod);
    const place = reason ?? places.get(target.id);
    looked.push(
      place === undefined || isBlind(place)
        ? nothing(blindDiff(target, place === undefined ? [] : [place]))
        : await lookAt(collector, target, place, { located, token, since: createdAt(pod) }, options),
    );
  }
  if (options.content) await collectContents(collector, looked, options);
  return looked.map(({ diff }) => diff);
}

/** Where the layers of containers lie, or why that is not known: their processes tell, else their runtime's records on the node. */
async function findPlaces(
  collector: Collector,
  targets: readonly ContainerTarget[],
  pod: Pod | undefined,
  {
    located,
    token,
    known,
  }: { readonly located: Capture; readonly token: string; readonly known: StoredSearch | undefined },
  options: DiffOptions,
): Promise<Map<string, Place | Blind>> {
  const tables = {
    mounts: bytesOf(located, '[root]/proc/1/mountinfo'),
    bootTime: bytesOf(located, 'live_response/containers/boot-time.txt'),
  };
  const running = new Map(targets.map(({ id }) => [id, runningPlace(id, token, located, tables)]));
  const runtimeClass = pod?.spec?.runtimeClassName ?? '';
  const wanted = targets.filter(({ id }) => needsRecord(running.get(id), runtimeClass));
  const search =
    known ??
    (wanted.length === 0
      ? { containers: [], searched: [], trouble: [] }
      : await findStored(collector, wanted, tables.mounts, options));
  const nodeMounts = readMounts(tables.mounts ?? Buffer.alloc(0));
  return new Map(
    targets.map((target): [string, Place | Blind] => {
      const place = running.get(target.id);
      if (place !== undefined && !wanted.includes(target))
        return [target.id, readablePlace(place, nodeMounts)];
      const stored = storedOf(search, target.id);
      if (isBlind(stored)) return [target.id, place ?? stored];
      return [target.id, readablePlace(placeOfRecord(target, stored, place), nodeMounts)];
    }),
  );
}

/** The place that the container's processes tell; undefined when it has none. */
function runningPlace(id: string, token: string, located: Capture, tables: NodeTables): Place | undefined {
  const members = parseMembers(located.complete(`live_response/containers/${id}`), id, token);
  const first = firstProcess(members);
  if (first === undefined) return undefined;
  const table = bytesOf(located, `[root]/proc/${first.pid}/mountinfo`);
  return placeOfProcess(table, first, members, tables);
}

async function lookAt(
  collector: Collector,
  asked: ContainerTarget,
  place: Place,
  { located, token, since }: { readonly located: Capture; readonly token: string; readonly since: bigint },
  options: DiffOptions,
): Promise<Looked> {
  const state = asked.state === 'unknown' ? (place.running ? 'running' : 'terminated') : asked.state;
  const target = { ...asked, state };
  const { driver, mounts, processes, layers } = place;
  const outputs = located.complete(`live_response/containers/${target.id}`);
  const beside = place.running
    ? lookBeside({
        token,
        outputs,
        members: place.members,
        table: (pid) => bytesOf(located, `[root]/proc/${pid}/mountinfo`),
      })
    : { listed: [], found: () => ({ mounts, openFiles: [], namespaces: [], blind: [] }) };
  const listing = new MountListing(target.id, beside.listed, since, options.sink);
  if (isBlind(layers)) {
    await listing.collect(collector, options.signal);
    const { blind, ...about } = beside.found(listing.contents());
    return nothing(blindDiff(target, [...place.blind, layers, ...blind], { driver, processes, ...about }));
  }
  const log = await options.newLog();
  const { members } = place;
  const watched = programsOf(members);
  const walked = await walkContainer(collector, target.id, layers, place.surroundings, {
    ...options,
    listing,
    log,
    watched,
  });
  const { blind: besideBlind, ...about } = beside.found(listing.contents());
  return {
    upper: walked.upper,
    layers,
    diff: containerDiff(target, {
      driver,
      ...about,
      processes: hiddenProcesses(
        members,
        bytesOf(located, 'live_response/containers/boot-time.txt'),
        walked.changed,
      ),
      changes: log,
      blind: [
        ...place.blind,
        ...walked.blind,
        ...besideBlind,
        ...(outputs.has('cgroup.txt') ? unseenPrograms(outputs) : []),
      ],
      capabilities: walked.capabilities,
    }),
  };
}

/** When the pod was made, in nanoseconds since the epoch; the beginning of time when there is no pod. */
function createdAt(pod: Pod | undefined): bigint {
  const created = pod?.metadata?.creationTimestamp;
  return created === undefined ? 0n : BigInt(new Date(created).getTime()) * 1_000_000n;
}

function unseenPrograms(outputs: ReadonlyMap<string, Buffer>): Blind[] {
  return ['executables.txt', 'executable-links.txt'].every((name) => outputs.has(name))
    ? []
    : [{ what: 'processes', why: 'what they run could not be read' }];
}

function nothing(diff: ContainerDiff): Looked {
  return { diff, upper: '' };
}

/** Bytes of one item that came whole. */
function bytesOf(capture: Capture, name: string): Buffer | undefined {
  const item = capture.items.get(name);
  return item?.end.outcome === 'ok' ? item.bytes : undefined;
}

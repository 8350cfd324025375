import type { ItemSink } from '../artifacts/item.ts';
import type { Pod } from '../cluster/objects.ts';
import type { Collector } from '../collector/collector.ts';
import { Capture } from './capture.ts';
import type { RawChange } from './classify.ts';
import { blindDiff, containerDiff } from './container-diff.ts';
import type { ContainerTarget } from './container.ts';
import { containersOf, unreadable } from './container.ts';
import { collectContents } from './contents.ts';
import { hiddenProcesses } from './hidden-process.ts';
import { containerMounts, mountPoints } from './mounts.ts';
import { rootMount } from './overlay.ts';
import type { Blind, ContainerDiff, PodDiff } from './pod-diff.ts';
import { firstProcess, parseMembers, startTime } from './processes.ts';
import { walkContainer, walkToken } from './walk-container.ts';

/** Most bytes about processes and mounts that are held in memory. */
const locateLimit = 64 * 1024 * 1024;

export interface DiffOptions {
  /** Names of containers; all of the pod when there are none. */
  readonly containers?: readonly string[];
  /** Takes everything that the node sends, before it is parsed. */
  readonly sink: ItemSink;
  readonly signal: AbortSignal;
}

interface Looked {
  readonly diff: ContainerDiff;
  readonly upper: string;
  readonly changes: readonly RawChange[];
}

/**
 * Compares the file systems of a pod's containers with their images, from the node, through `collector` on the pod's node.
 * Nothing is run in the containers and nothing of theirs is written. Added and modified files are put into the evidence too, within caps.
 * What could not be looked at is in `blind` of its container. Throws OperationError for an unknown container name, PartialError when
 * the stream broke.
 */
export async function diffPod(collector: Collector, pod: Pod, options: DiffOptions): Promise<PodDiff> {
  const targets = containersOf(pod, options.containers);
  const readable = targets.filter((target) => unreadable(target, pod) === undefined);
  const token = walkToken();
  const located = new Capture(options.sink, new Set(['container']), locateLimit);
  if (readable.length > 0)
    await collector.collect('diff-locate', [token, ...readable.map(({ id }) => id)], located, options.signal);
  const looked: Looked[] = [];
  for (const target of targets) {
    const reason = unreadable(target, pod);
    looked.push(
      reason === undefined
        ? await lookAt(collector, target, located, token, options)
        : nothing(blindDiff(target, [reason])),
    );
  }
  await collectContents(collector, looked, options);
  const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'PodDiff',
    pod: { namespace, name, uid, node: pod.spec?.nodeName ?? '' },
    containers: looked.map(({ diff }) => diff),
  };
}

async function lookAt(
  collector: Collector,
  target: ContainerTarget,
  located: Capture,
  token: string,
  options: DiffOptions,
): Promise<Looked> {
  const outputs = located.complete(`live_response/containers/${target.id}`);
  const members = parseMembers(outputs, target.id, token);
  const first = firstProcess(members);
  if (first === undefined)
    return nothing(
      blindDiff(target, [
        {
          what: 'container',
          why: 'no process of it was found on the node',
          instead:
            'ask for the pod again: it may have ended; processes inside a virtual machine are not visible',
        },
      ]),
    );
  const table = bytesOf(located, `[root]/proc/${first.pid}/mountinfo`);
  if (table === undefined)
    return nothing(
      blindDiff(target, [
        { what: 'container', why: `the mount table of its first process, ${first.pid}, could not be read` },
      ]),
    );
  const root = rootMount(table);
  const bootTime = bytesOf(located, 'live_response/containers/boot-time.txt');
  const about = {
    driver: root.driver,
    mounts: containerMounts(root.mounts, bytesOf(located, '[root]/proc/1/mountinfo')),
    processes: hiddenProcesses(members, bootTime),
  };
  if (root.layers === undefined) return nothing(blindDiff(target, root.blind, about));
  const surroundings = {
    mountPoints: mountPoints(root.mounts),
    started: startTime(bootTime, first.startTicks),
  };
  const walked = await walkContainer(collector, target.id, root.layers, surroundings, options);
  return {
    upper: walked.upper,
    changes: walked.changes,
    diff: containerDiff(target, {
      ...about,
      changes: walked.changes.map(({ change }) => change),
      blind: [...root.blind, ...walked.blind, ...unseenPrograms(outputs)],
      capabilities: walked.capabilities,
    }),
  };
}

function unseenPrograms(outputs: ReadonlyMap<string, Buffer>): Blind[] {
  return ['executables.txt', 'executable-links.txt'].every((name) => outputs.has(name))
    ? []
    : [{ what: 'processes', why: 'what they run could not be read' }];
}

function nothing(diff: ContainerDiff): Looked {
  return { diff, upper: '', changes: [] };
}

/** Bytes of one item that came whole. */
function bytesOf(capture: Capture, name: string): Buffer | undefined {
  const item = capture.items.get(name);
  return item?.end.outcome === 'ok' ? item.bytes : undefined;
}

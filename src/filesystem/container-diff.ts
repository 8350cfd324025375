import type { ContainerTarget } from './container.ts';
import { changesOf, ownChanges } from './changes.ts';
import type { Blind, ContainerDiff, PodDiff } from './pod-diff.ts';

/** What was found out about one container. */
export interface Findings extends Pick<
  ContainerDiff,
  'driver' | 'changes' | 'mounts' | 'processes' | 'openFiles' | 'namespaces' | 'blind'
> {
  readonly capabilities: boolean;
}

/** The diff of a container that was looked at. */
export function containerDiff(target: ContainerTarget, found: Findings): ContainerDiff {
  const { name, id, runtime, image, imageID, state } = target;
  const { capabilities, ...rest } = found;
  return {
    name,
    id,
    runtime,
    image,
    imageID,
    state,
    ...rest,
    summary: {
      counts: found.changes.counts,
      runtime: found.changes.runtime,
      processes: found.processes.length,
      openFiles: found.openFiles.length,
      complete: found.blind.length === 0,
      capabilities,
    },
  };
}

/** The diff of a container whose layers were not read. */
export function blindDiff(
  target: ContainerTarget,
  blind: readonly Blind[],
  about: Omit<Findings, 'changes' | 'blind' | 'capabilities'> = nothingBeside,
): ContainerDiff {
  return containerDiff(target, { ...about, changes: changesOf([]), blind, capabilities: false });
}

/** Exit code of diff: 0 no change, 1 changes, 3 when something was not looked at, as `kubectl diff` keeps 0 and 1 for what is known. */
export function diffExitCode(diff: PodDiff): 0 | 1 | 3 {
  if (diff.containers.some(({ summary }) => !summary.complete)) return 3;
  return diff.containers.some(({ summary }) => summary.processes > 0 || ownChanges(summary) > 0) ? 1 : 0;
}

/** Of a container of which nothing is known. */
const nothingBeside = { driver: '', mounts: [], processes: [], openFiles: [], namespaces: [] };

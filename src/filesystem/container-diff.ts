import type { ContainerTarget } from './container.ts';
import type { Blind, Change, ChangeKind, ContainerDiff, PodDiff } from './pod-diff.ts';

/** What was found out about one container. */
export interface Findings extends Pick<
  ContainerDiff,
  'driver' | 'changes' | 'mounts' | 'processes' | 'blind'
> {
  readonly capabilities: boolean;
}

/** The diff of a container that was looked at. */
export function containerDiff(target: ContainerTarget, found: Findings): ContainerDiff {
  const { name, id, runtime, image, imageID, state } = target;
  const { capabilities, ...rest } = found;
  const own = found.changes.filter((change) => !isRuntime(change));
  return {
    name,
    id,
    runtime,
    image,
    imageID,
    state,
    ...rest,
    summary: {
      counts: countsOf(own),
      runtime: found.changes.length - own.length,
      processes: found.processes.length,
      complete: found.blind.length === 0,
      capabilities,
    },
  };
}

/** The diff of a container whose layers were not read. */
export function blindDiff(
  target: ContainerTarget,
  blind: readonly Blind[],
  about: Pick<ContainerDiff, 'driver' | 'mounts' | 'processes'> = { driver: '', mounts: [], processes: [] },
): ContainerDiff {
  return containerDiff(target, { ...about, changes: [], blind, capabilities: false });
}

/** True for what the runtime made and not the container. */
export function isRuntime(change: Change): boolean {
  return change.flags.includes('runtime');
}

/** Exit code of diff: 0 no change, 1 changes, 3 when something was not looked at, as `kubectl diff` keeps 0 and 1 for what is known. */
export function diffExitCode(diff: PodDiff): 0 | 1 | 3 {
  if (diff.containers.some(({ summary }) => !summary.complete)) return 3;
  return diff.containers.some(
    ({ changes, processes }) => processes.length > 0 || changes.some((change) => !isRuntime(change)),
  )
    ? 1
    : 0;
}

function countsOf(changes: readonly Change[]): Partial<Record<ChangeKind, number>> {
  const counts: Partial<Record<ChangeKind, number>> = {};
  for (const { change } of changes) counts[change] = (counts[change] ?? 0) + 1;
  return counts;
}

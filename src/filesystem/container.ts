import type { Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import { sandboxed, sandboxOf } from './drivers.ts';
import type { Blind } from './pod-diff.ts';

/** A container of a pod as its status has it, or one that only the node knows. */
export interface ContainerTarget {
  readonly name: string;
  /** Id without the runtime's scheme; empty when there is none yet. */
  readonly id: string;
  readonly runtime: string;
  readonly image: string;
  readonly imageID: string;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
  /** RFC 3339; absent or empty when it is not known. */
  readonly started?: string;
  /** The instance before the last restart. */
  readonly previous?: boolean;
}

/**
 * The chosen containers of a pod, init and ephemeral ones too; all of them when none is named. With `previous` the instances before the
 * last restart of those that were restarted. Throws OperationError for an unknown name, and when none was restarted.
 */
export function containersOf(
  pod: Pod,
  names: readonly string[] = [],
  { previous = false }: { readonly previous?: boolean } = {},
): ContainerTarget[] {
  const known = [
    ...(pod.spec?.initContainers ?? []),
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.ephemeralContainers ?? []),
  ].map(({ name, image }) => ({ name, image }));
  for (const name of names)
    if (!known.some((container) => container.name === name))
      throw new OperationError(`pod "${pod.metadata?.name ?? ''}" has no container "${name}"`, {
        advice: `its containers: ${known.map((container) => container.name).join(', ')}`,
      });
  const statuses = statusesOf(pod);
  const chosen = known
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ name, image }) => ({
      name,
      image,
      status: statuses.find((candidate) => candidate.name === name),
    }));
  const targets = chosen.flatMap((one) => (previous ? previousInstance(one) : [currentInstance(one)]));
  if (targets.length > 0 || chosen.length === 0) return targets;
  const which = chosen.map(({ name }) => `"${name}"`).join(', ');
  throw new OperationError(
    `pod "${pod.metadata?.name ?? ''}" has no instance before the present one of ${which}: none was restarted`,
    { advice: 'without --previous the present instance is looked at, whether it runs or has ended' },
  );
}

/** True when one of the named containers, of any when none is named, has had an instance before the present one. */
export function wasRestarted(pod: Pod, names: readonly string[]): boolean {
  return statusesOf(pod).some(
    (status) => (names.length === 0 || names.includes(status.name)) && hadInstanceBefore(status),
  );
}

/** An instance that was is not always recorded: the kubelet may remove the last one while the next is about to start. */
function hadInstanceBefore({ restartCount, lastState }: ContainerStatus): boolean {
  return restartCount > 0 || lastState?.terminated !== undefined;
}

function statusesOf({ status }: Pod): ContainerStatus[] {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
}

interface Chosen {
  readonly name: string;
  readonly image: string | undefined;
  readonly status: ContainerStatus | undefined;
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function currentInstance({ name, image, status }: Chosen): ContainerTarget {
  const { running, waiting, terminated } = status?.state ?? {};
  return {
    name,
    ...runtimeId(status?.containerID),
    image: status?.image ?? image ?? '',
    imageID: status?.imageID ?? '',
    state: running ? 'running' : terminated ? 'terminated' : waiting ? 'waiting' : 'unknown',
    started: timeText((running ?? terminated)?.startedAt),
  };
}

function previousInstance({ name, status }: Chosen): ContainerTarget[] {
  if (status === undefined || !hadInstanceBefore(status)) return [];
  const before = status.lastState?.terminated;
  return [
    {
      name,
      ...runtimeId(before?.containerID),
      image: status.image,
      imageID: status.imageID,
      state: 'terminated',
      started: timeText(before?.startedAt),
      previous: true,
    },
  ];
}

/** `containerd://ID` in its parts. */
function runtimeId(text: string | undefined): Pick<ContainerTarget, 'id' | 'runtime'> {
  const [, runtime = '', id = ''] = /^([a-z0-9.-]+):\/\/(.*)$/.exec(text ?? '') ?? [];
  return { id, runtime };
}

/** Times of the API as they came: texts, whatever the types of the client say. */
function timeText(time: unknown): string {
  return typeof time === 'string' ? time : time instanceof Date ? time.toISOString() : '';
}

/** Why a container can't be looked at, before the node is asked; undefined when it can. */
export function unreadable(target: ContainerTarget, pod: Pod | undefined): Blind | undefined {
  if (target.id === '' && target.state !== 'running' && target.state !== 'terminated')
    return {
      what: 'container',
      why: `it is ${target.state}, so it has changed nothing yet or its layers are unknown`,
    };
  if (target.previous === true && target.id === '')
    return {
      what: 'container',
      why: 'it was restarted, but the kubelet keeps no record of the instance before the present one',
    };
  if (pod !== undefined && !/^[0-9a-f]{64}$/.test(target.id))
    return { what: 'container', why: 'its status has no container id' };
  const sandbox = sandboxOf(pod?.spec?.runtimeClassName ?? '');
  return sandbox === undefined ? undefined : sandboxed(sandbox);
}

import type { Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import type { Blind } from './pod-diff.ts';

/** A container of a pod as its status has it. */
export interface ContainerTarget {
  readonly name: string;
  /** Id without the runtime's scheme; empty when there is none yet. */
  readonly id: string;
  readonly runtime: string;
  readonly image: string;
  readonly imageID: string;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
}

/** The chosen containers of a pod, init and ephemeral ones too; all of them when none is named. Throws OperationError for an unknown name. */
export function containersOf(pod: Pod, names: readonly string[] = []): ContainerTarget[] {
  const status = pod.status;
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
  const statuses = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return known
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ name, image }) => {
      const found = statuses.find((candidate) => candidate.name === name);
      const [, runtime = '', id = ''] = /^([a-z0-9.-]+):\/\/(.*)$/.exec(found?.containerID ?? '') ?? [];
      const { running, waiting, terminated } = found?.state ?? {};
      return {
        name,
        id,
        runtime,
        image: found?.image ?? image ?? '',
        imageID: found?.imageID ?? '',
        state: running ? 'running' : terminated ? 'terminated' : waiting ? 'waiting' : 'unknown',
      };
    });
}

/** Why a container can't be looked at, before the node is asked; undefined when it can. */
export function unreadable(target: ContainerTarget, pod: Pod): Blind | undefined {
  if (target.state === 'terminated')
    return {
      what: 'container',
      why: 'it has ended, so no process leads to its layers',
      instead:
        'keep the pod: its layers stay on the node until the pod is deleted or the container restarts twice',
    };
  if (target.state !== 'running')
    return {
      what: 'container',
      why: `it is ${target.state}, so it has changed nothing yet or its layers are unknown`,
    };
  if (!/^[0-9a-f]{64}$/.test(target.id)) return { what: 'container', why: 'its status has no container id' };
  const sandbox = /gvisor|runsc|kata/i.exec(pod.spec?.runtimeClassName ?? '')?.[0];
  return sandbox === undefined
    ? undefined
    : {
        what: 'container',
        why: `runtime class ${pod.spec?.runtimeClassName ?? ''} keeps the file system inside a sandbox`,
        instead: 'save it with the tools of that sandbox, on the node',
      };
}

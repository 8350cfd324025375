import type { Pod } from '../../cluster/objects.ts';
import type { OwnerKind } from './owner.ts';
import type { BoundVolume } from './volume.ts';

/** Why a replacement of a detached pod may not come, or not at once; each a part of a sentence. */
export interface Hindrances {
  /** Nothing will come as long as the evidence pod is there. */
  readonly prevent: readonly string[];
  /** A replacement comes only under a condition. */
  readonly limit: readonly string[];
}

/** What keeps a second pod of an owner from running beside this one. */
export function hindrancesOf(pod: Pod, kind: OwnerKind, volumes: readonly BoundVolume[]): Hindrances {
  const ports = hostPorts(pod).map((port) => `host port ${port}`);
  const alone = volumes.filter(({ mode }) => mode === 'ReadWriteOncePod').map(volumeText);
  const nodeBound = volumes.filter(({ mode }) => mode === 'ReadWriteOnce').map(volumeText);
  const node = pod.spec?.nodeName ?? '';
  switch (kind) {
    case 'StatefulSet':
      return { prevent: ['its name, which the next pod would have'], limit: [] };
    case 'DaemonSet':
      return { prevent: [...ports, ...alone], limit: [] };
    case 'ReplicaSet':
    case 'Job':
      return {
        prevent: alone,
        limit: [
          ...ports.map((port) => `not on ${node}, because of ${port}`),
          ...nodeBound.map((volume) => `only on ${node}, because of ${volume}`),
        ],
      };
  }
}

function volumeText({ claim, mode }: BoundVolume): string {
  return `volume ${claim} (${mode})`;
}

function hostPorts(pod: Pod): number[] {
  return (pod.spec?.containers ?? [])
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ hostPort }) => (hostPort === undefined || hostPort === 0 ? [] : [hostPort]));
}

import type { PersistentVolumeClaim, Pod } from '../../cluster/objects.ts';

/** A claim of the pod that no second pod may use at will. */
export interface BoundVolume {
  readonly claim: string;
  /** `ReadWriteOncePod`: one pod in the cluster. `ReadWriteOnce`: pods of one node. */
  readonly mode: 'ReadWriteOnce' | 'ReadWriteOncePod';
}

/** Names of the claims that a pod uses; a generic ephemeral volume's is the pod's own and is called POD-VOLUME. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
}

/** The claims that keep a replacement from starting, or from starting elsewhere. */
export function boundVolumes(claims: readonly PersistentVolumeClaim[]): BoundVolume[] {
  return claims.flatMap(({ metadata, spec, status }) => {
    const mode = strictestMode(status?.accessModes ?? spec?.accessModes ?? []);
    return mode === undefined ? [] : [{ claim: metadata?.name ?? '', mode }];
  });
}

function strictestMode(modes: readonly string[]): BoundVolume['mode'] | undefined {
  if (modes.includes('ReadWriteOncePod')) return 'ReadWriteOncePod';
  const many = modes.includes('ReadWriteMany') || modes.includes('ReadOnlyMany');
  return modes.includes('ReadWriteOnce') && !many ? 'ReadWriteOnce' : undefined;
}

import { openBolt } from '../../../artifacts/bolt.ts';
import { containerdContainer, containerdIds } from '../../../artifacts/containerd-metadata.ts';
import { parseDockerContainer } from '../../../artifacts/docker-container.ts';
import { present } from '../../../artifacts/present.ts';
import { OperationError } from '../../../output/errors.ts';
import type { ImageFacts } from '../facts/workloads.ts';

/** Where the source of an image is, and which revision of it. */
export type Origin = Pick<ImageFacts, 'source' | 'revision'>;

/** OCI image-spec, annotations.md, in labels of the image, or in labels and annotations of the pod. */
export function originOf(labels: Readonly<Record<string, string>>): Origin {
  return present({
    source: labels['org.opencontainers.image.source'],
    revision: labels['org.opencontainers.image.revision'],
  });
}

/** Containers that are looked at in one database. */
const mostContainers = 20_000;

/**
 * What containerd's meta.db says of the origin of its containers, by their ids: its CRI gives a container the labels of its
 * image (internal/cri/server, `buildLabels`). A database that was copied while it was written may be torn, and then says nothing.
 */
export function containerdOrigins(bytes: Buffer): Map<string, Origin> {
  const found = new Map<string, Origin>();
  try {
    const metadata = openBolt(bytes);
    let looked = 0;
    for (const { namespace, id } of containerdIds(metadata)) {
      looked += 1;
      if (looked > mostContainers) break;
      keep(found, id, originOf(containerdContainer(metadata, namespace, id)?.labels ?? {}));
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
  }
  return found;
}

/** The same from what docker keeps of one container, whose labels have those of its image too. */
export function dockerOrigin(bytes: Buffer): Map<string, Origin> {
  const found = new Map<string, Origin>();
  const container = parseDockerContainer(bytes);
  if (container !== undefined) keep(found, container.id, originOf(container.labels));
  return found;
}

function keep(found: Map<string, Origin>, id: string, origin: Origin): void {
  if (Object.keys(origin).length > 0) found.set(id, origin);
}

import { OperationError } from '../output/errors.ts';
import { type BoltBucket, openBolt } from './bolt.ts';
import type { ContainerRecord } from './container-record.ts';
import { anyValue } from './containerd-metadata.ts';
import { goTime } from './go-time.ts';
import type { Malformed } from './lines.ts';
import { isMalformed } from './lines.ts';
import { parseOciSpec } from './oci-spec.ts';
import { present } from './present.ts';
import type { RandomAccess } from './random-access.ts';

/** A database of bbolt is read whole; what is collected of one is not longer. */
const longestDatabase = 256 * 1024 * 1024;
/** Visits to entries for each byte of the file, and bytes of values for each: buckets may share pages, so that a small file holds endless ones. */
const visits = 1 / 4;
const values = 1;

/**
 * The containers of containerd's meta.db in every one of its namespaces, whether they run, ended or never started (containerd,
 * core/metadata/buckets.go).
 */
export function* parseContainerdContainers(file: RandomAccess): Generator<ContainerRecord | Malformed> {
  if (file.size > longestDatabase) {
    yield { malformed: 'the database of containerd is longer than any that is collected', offset: 0 };
    return;
  }
  try {
    const budget = { left: values * file.size };
    const namespaces =
      openBolt(file.read(0, file.size), visits * file.size)
        .bucket('v1')
        ?.buckets() ?? [];
    for (const { key: namespace, bucket } of namespaces)
      for (const { key: id, bucket: container } of bucket.bucket('containers')?.buckets() ?? [])
        yield* containerOf(namespace.toString('utf8'), id.toString('utf8'), container, budget);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    yield { malformed: 'the database of containerd is damaged, not all of it was read', offset: 0 };
  }
}

function* containerOf(
  runtimeNamespace: string,
  id: string,
  container: BoltBucket,
  budget: { left: number },
): Generator<ContainerRecord | Malformed> {
  const labels = [...(container.bucket('labels')?.entries() ?? [])];
  const packed = container.get('spec');
  budget.left -= labels.reduce((sum, { key, value }) => sum + key.length + value.length, packed?.length ?? 0);
  if (budget.left < 0) throw new OperationError('its buckets hold more than the file does');
  const value = packed && anyValue(packed);
  const [spec] = value === undefined ? [] : parseOciSpec(value, Buffer.alloc(0));
  if (spec !== undefined && isMalformed(spec))
    yield { malformed: `${spec.malformed}, in the database of containerd`, offset: 0 };
  const image = container.get('image')?.toString('utf8');
  yield {
    ...present({
      image: image === '' ? undefined : image,
      created: goTime(container.get('createdat') ?? Buffer.alloc(0)),
    }),
    ...(spec === undefined || isMalformed(spec) ? {} : spec),
    id,
    runtime: 'containerd',
    runtimeNamespace,
    labels: Object.fromEntries(
      labels.map((label) => [label.key.toString('utf8'), label.value.toString('utf8')]),
    ),
  };
}

import { utcText } from '../../artifacts/instant.ts';
import { type JsonObject, labelsOf, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import type { ObjectName } from './change.ts';

/** An owner reference. */
export interface OwnerName extends ObjectName {
  readonly uid: string;
  readonly controller: boolean;
}

/** What every object of the API says of itself. */
export interface ObjectFacts extends ObjectName {
  readonly uid: string;
  /** RFC 3339 in UTC; empty when there is none. */
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerName[];
}

/** Reads the metadata of an object as the API server, a list or an audit log has it; undefined when it has no kind or name. */
export function objectFacts(object: JsonObject): ObjectFacts | undefined {
  const metadata = objectOf(object['metadata']);
  const [kind, name] = [textOf(object['kind']), textOf(metadata?.['name'])];
  if (metadata === undefined || kind === undefined || name === undefined || kind === '' || name === '')
    return undefined;
  const namespace = textOf(metadata['namespace']);
  return {
    apiVersion: textOf(object['apiVersion']) ?? 'v1',
    kind,
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    name,
    uid: textOf(metadata['uid']) ?? '',
    created: utcText(textOf(metadata['creationTimestamp']) ?? '') ?? '',
    labels: labelsOf(metadata['labels']),
    annotations: labelsOf(metadata['annotations']),
    owners: ownersOf(metadata, namespace),
  };
}

/** The name alone of an object. */
export function nameOf({ apiVersion, kind, namespace, name }: ObjectName): ObjectName {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function ownersOf(metadata: JsonObject, namespace: string | undefined): OwnerName[] {
  return objectsOf(metadata['ownerReferences']).flatMap((owner) => {
    const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map((key) => textOf(owner[key]));
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    // A static pod is owned by its node, which is in no namespace.
    const place = namespace === undefined || kind === 'Node' ? {} : { namespace };
    const controller = owner['controller'] === true;
    return [{ apiVersion, kind, name, ...place, uid: textOf(owner['uid']) ?? '', controller }];
  });
}

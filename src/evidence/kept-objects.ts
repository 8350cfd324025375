import { jsonObject, type JsonObject, objectOf, objectsOf, textOf } from '../artifacts/json.ts';
import { OperationError } from '../output/errors.ts';
import type { AcquisitionReader } from './reader.ts';

/** An object of the API server as a case keeps it, and where it lies. Nothing in it is known to be of its type. */
export interface KeptObject {
  readonly acquisition: string;
  readonly item: number;
  /** Path of the request that brought it, with its field selector. */
  readonly source: string;
  readonly kind: string;
  readonly object: JsonObject;
}

/** A page of a list is not longer. */
const longest = 64 * 1024 * 1024;
const ofTheApi = /^live_response\/kubernetes\/(?!kubelet\/|related\.json$).*\.json$/;

/**
 * The objects of the API server that an acquisition holds, those in lists one by one, with the kind of their list where they name none
 * themselves. Items that are no JSON, or are not whole, are left out; whoever needs to know reads the item.
 */
export async function* keptObjects(
  acquisition: string,
  reader: AcquisitionReader,
): AsyncGenerator<KeptObject> {
  for (const item of reader.items) {
    if (!ofTheApi.test(item.name) || item.offset === undefined || item.outcome !== 'ok') continue;
    if (item.size > longest)
      throw new OperationError(`item ${item.item} (${item.name}) is longer than any page of a list`);
    const object = jsonObject(await reader.bytes(item, longest));
    if (object === undefined) continue;
    const kind = textOf(object['kind']) ?? '';
    const place = { acquisition, item: item.item, source: item.source };
    if (!kind.endsWith('List')) {
      yield { ...place, kind, object };
      continue;
    }
    const apiVersion = object['apiVersion'];
    for (const one of objectsOf(object['items'])) {
      const own = textOf(one['kind']) ?? kind.slice(0, -'List'.length);
      yield { ...place, kind: own, object: { apiVersion, kind: own, ...one } };
    }
  }
}

/** Name, namespace and uid of an object; empty where they are none. */
export function metadataOf(object: JsonObject): {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
} {
  const metadata = objectOf(object['metadata']);
  const [name = '', namespace = '', uid = ''] = ['name', 'namespace', 'uid'].map(
    (key) => textOf(metadata?.[key]) ?? '',
  );
  return { name, namespace, uid };
}

import { utcText } from '../../artifacts/instant.ts';
import { jsonObject, type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';

/** One entry of `metadata.managedFields`: who says he set which fields last, and when. */
export interface ManagedEntry {
  /** Chosen by the client: it proves nothing. */
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  /** RFC 3339 in UTC. */
  readonly time: string;
  /** All fields that the manager owns, of which it changed some at that time. */
  readonly fields: readonly string[];
}

const mostEntries = 200;
export const mostOwned = 200;
const deepest = 40;

/** The entries of an object that have a time, the latest first. */
export function managedEntries(object: JsonObject): ManagedEntry[] {
  return objectsOf(objectOf(object['metadata'])?.['managedFields'])
    .slice(0, mostEntries)
    .flatMap((entry) => {
      const time = utcText(textOf(entry['time']) ?? '');
      if (time === undefined) return [];
      const subresource = textOf(entry['subresource']);
      const fields: string[] = [];
      collect(objectOf(entry['fieldsV1']), '', fields, 0);
      return [
        {
          manager: textOf(entry['manager']) ?? '',
          operation: textOf(entry['operation']) ?? '',
          ...(subresource === undefined || subresource === '' ? {} : { subresource }),
          time,
          fields,
        },
      ];
    })
    .sort((a, b) => (a.time < b.time ? 1 : -1));
}

/**
 * Paths of the fields of a set in the format FieldsV1 (structured-merge-diff, fieldpath/serialize.go): members are `f:NAME`, elements
 * of lists `k:{keys}`, `v:value` or `i:index`, and `.` is the thing itself.
 */
function collect(set: JsonObject | undefined, path: string, fields: string[], depth: number): void {
  if (set === undefined || fields.length >= mostOwned) return;
  const members = Object.entries(set).filter(([key]) => key !== '.');
  if (members.length === 0 || depth === deepest) {
    if (path !== '') fields.push(path);
    return;
  }
  for (const [key, below] of members) collect(objectOf(below), path + step(key, path), fields, depth + 1);
}

function step(key: string, path: string): string {
  const rest = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'f:':
      if (!/^[A-Za-z0-9_-]+$/.test(rest)) return `[${JSON.stringify(rest)}]`;
      return path === '' ? rest : `.${rest}`;
    case 'k:': {
      const keys = jsonObject(rest);
      return `[${keys === undefined ? rest : Object.values(keys).map(String).join(',')}]`;
    }
    default:
      return `[${rest}]`;
  }
}

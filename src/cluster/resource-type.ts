import { ApiError, OperationError } from '../output/errors.ts';
import type { Api } from './api.ts';
import { apiGroups } from './discovery.ts';
import { nearestName } from './nearest.ts';

/** A kind of objects that the server has. */
export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural, lower case. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** APIResourceList (meta/v1) as far as it is read. */
interface ResourceList {
  readonly resources?: readonly {
    readonly name?: string;
    readonly singularName?: string;
    readonly kind?: string;
    readonly namespaced?: boolean;
    readonly shortNames?: readonly string[];
    readonly verbs?: readonly string[];
  }[];
}

interface Known extends ResourceType {
  readonly group: string;
  readonly names: readonly string[];
}

/**
 * The kinds that `words` name, as kubectl takes them: plural, singular, kind or short name, with or without `.GROUP`, in the
 * preferred version of each group; the core group comes first. Throws OperationError for a word that names none.
 */
export async function resolveTypes(
  api: Api,
  words: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ResourceType>> {
  const { known, unread } = await readTypes(api, signal);
  return new Map(
    words.map((word) => {
      const found = known.find((type) => isNamed(type, word.toLowerCase()));
      if (found === undefined) throw notFound(word, known, unread);
      const { apiVersion, kind, resource, namespaced } = found;
      return [word, { apiVersion, kind, resource, namespaced }] as const;
    }),
  );
}

function isNamed({ names, group }: Known, word: string): boolean {
  const dot = word.indexOf('.');
  if (dot < 0) return names.includes(word);
  return names.includes(word.slice(0, dot)) && group === word.slice(dot + 1);
}

function notFound(word: string, known: readonly Known[], unread: readonly string[]): OperationError {
  const near = nearestName(word.toLowerCase(), [...new Set(known.flatMap(({ names }) => names))]);
  const hint = near === undefined ? '' : `; nearest: ${near}`;
  const gaps = unread.length === 0 ? '' : `; not read: ${unread.join(', ')}`;
  return new OperationError(`the server doesn't have a resource type "${word}"${hint}${gaps}`, {
    advice: 'list them with: kubectl api-resources',
  });
}

/** What the server has. A group whose aggregated API server does not answer is left out and listed in `unread`. */
async function readTypes(
  api: Api,
  signal: AbortSignal,
): Promise<{ readonly known: readonly Known[]; readonly unread: readonly string[] }> {
  const groups = [...(await apiGroups(api, signal))].flatMap(([group, [version]]) =>
    version === undefined
      ? []
      : [{ group, version, path: `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}` }],
  );
  const unread: string[] = [];
  const lists = await Promise.all(
    [{ group: '', version: 'v1', path: '/api/v1' }, ...groups].map(async ({ group, version, path }) => {
      try {
        const list = await api.json<ResourceList>({ path, doing: 'ask which resources there are', signal });
        return typesOf(list, group, version);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ApiError) || error.status === 0) throw error;
        unread.push(group === '' ? 'the core group' : group);
        return [];
      }
    }),
  );
  return { known: lists.flat(), unread };
}

function typesOf({ resources = [] }: ResourceList, group: string, version: string): Known[] {
  return resources.flatMap(
    ({ name = '', singularName, kind = '', namespaced, shortNames = [], verbs = [] }) => {
      if (name === '' || name.includes('/') || kind === '' || !verbs.includes('get')) return [];
      const names = [name, singularName ?? '', kind.toLowerCase(), ...shortNames].filter((one) => one !== '');
      const apiVersion = group === '' ? version : `${group}/${version}`;
      return [{ apiVersion, kind, resource: name, namespaced: namespaced === true, group, names }];
    },
  );
}

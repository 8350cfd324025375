import type { Entry } from './entry.ts';
import { nameOf, parentOf } from './path-text.ts';

/** An entry that only one side has. */
export interface OneSided {
  readonly raw: string;
  readonly entry: Entry;
}

/** Among more than so many that are alike, only one of the same name counts, or the time would grow with their square. */
const mostAlike = 1000;

export interface Rename {
  readonly from: OneSided;
  readonly to: OneSided;
}

/** What two entries share when one may be the other under a new name; undefined for directories, which are known by what is in them. */
export function likeness({ raw, entry }: OneSided): string | undefined {
  const { type, size, modified, device, target } = entry;
  if (type === 'directory') return undefined;
  const facts = `${type} ${size} ${modified} ${device}`;
  return type === 'symlink'
    ? `${facts} ${target ?? ''}`
    : hasContent(entry)
      ? facts
      : `${facts} ${nameOf(raw)}`;
}

/** True where the likeness is to be proved by the contents. */
export function hasContent({ type, size }: Entry): boolean {
  return type === 'file' && size > 0;
}

/**
 * Pairs what was deleted with what was added. Files that are alike need the same content by `sameContent`; an entry of the same name
 * goes first, then the first by its bytes, each once. Directories go with what they hold: the one from which most came, and upwards
 * as long as the names are the same; empty ones with the directory that they are in.
 */
export function findRenames(
  deleted: readonly OneSided[],
  added: readonly OneSided[],
  sameContent: (from: string, to: string) => boolean,
): Rename[] {
  const sources = new Map<string, OneSided[]>();
  const named = new Map<string, OneSided[]>();
  for (const one of [...deleted].sort(byBytes)) {
    const key = likeness(one);
    if (key === undefined) continue;
    put(sources, key, one);
    put(named, `${nameOf(one.raw)}/${key}`, one);
  }
  const renames = new Map<string, Rename>();
  const used = new Set<string>();
  const targets = [...added].sort(byBytes);
  const seek = (to: OneSided, candidates: readonly OneSided[] = []): void => {
    if (renames.has(to.raw) || candidates.length > mostAlike) return;
    const from = candidates.find(
      ({ raw }) => !used.has(raw) && (!hasContent(to.entry) || sameContent(raw, to.raw)),
    );
    if (from === undefined) return;
    used.add(from.raw);
    renames.set(to.raw, { from, to });
  };
  for (const to of targets) seek(to, named.get(`${nameOf(to.raw)}/${likeness(to) ?? ''}`));
  for (const to of targets) seek(to, sources.get(likeness(to) ?? ''));
  addDirectories(directoriesOf(deleted), directoriesOf(added), renames);
  return [...renames.values()];
}

function addDirectories(
  deleted: ReadonlyMap<string, OneSided>,
  added: ReadonlyMap<string, OneSided>,
  renames: Map<string, Rename>,
): void {
  const used = new Set<string>();
  const pair = (from: OneSided, to: OneSided): boolean => {
    if (used.has(from.raw) || renames.has(to.raw)) return false;
    used.add(from.raw);
    renames.set(to.raw, { from, to });
    return true;
  };
  for (const [toRaw, fromRaw] of mostCameFrom([...renames.values()])) {
    let [from, to] = [deleted.get(fromRaw), added.get(toRaw)];
    while (from !== undefined && to !== undefined && pair(from, to)) {
      if (nameOf(from.raw) !== nameOf(to.raw)) break;
      [from, to] = [deleted.get(parentOf(from.raw)), added.get(parentOf(to.raw))];
    }
  }
  for (const to of [...added.values()].sort(byBytes)) {
    const parent = renames.get(parentOf(to.raw));
    const from = parent && deleted.get(`${parent.from.raw}/${nameOf(to.raw)}`);
    if (from !== undefined) pair(from, to);
  }
}

/** For each directory that something was renamed into under its own name, the directory from which most of that came. */
function mostCameFrom(renames: readonly Rename[]): [string, string][] {
  const votes = new Map<string, Map<string, number>>();
  for (const { from, to } of renames) {
    if (nameOf(from.raw) !== nameOf(to.raw)) continue;
    const counts = votes.get(parentOf(to.raw)) ?? new Map<string, number>();
    votes.set(parentOf(to.raw), counts);
    counts.set(parentOf(from.raw), (counts.get(parentOf(from.raw)) ?? 0) + 1);
  }
  return [...votes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([to, counts]) => {
      const [first = ''] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] ?? [];
      return [to, first];
    });
}

function put(map: Map<string, OneSided[]>, key: string, one: OneSided): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [one]);
  else list.push(one);
}

function directoriesOf(list: readonly OneSided[]): Map<string, OneSided> {
  return new Map(list.filter(({ entry }) => entry.type === 'directory').map((one) => [one.raw, one]));
}

function byBytes(a: OneSided, b: OneSided): number {
  return a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0;
}

import { present } from '../../artifacts/present.ts';
import { momentKey } from '../moment.ts';
import { type ConfigurationChange, objectKey } from './change.ts';

/** Controllers act within this time after what they act upon, and clocks of objects are whole seconds; in milliseconds. */
const after = 10_000;
const before = 2_000;

/**
 * The same change told by several sources as one: what the objects tell gets its identity, its differences and its old state from
 * the audit log, and its manager's name from the managed fields.
 */
export function mergedChanges(changes: readonly ConfigurationChange[]): ConfigurationChange[] {
  const own = changes.filter(({ source }) => source !== 'audit' && source !== 'object');
  const managed = changes.filter(({ source }) => source === 'object');
  const audited = changes.filter(({ source }) => source === 'audit');
  const named = absorbed(own, managed, (into, { action, claims }) => {
    if (into.source !== 'rollout' || action !== 'changed') return undefined;
    return claims === undefined || into.claims !== undefined ? into : { ...into, claims };
  });
  return absorbed(named, audited, (into, from) => {
    const told = into.who !== undefined || into.source === 'event' || into.source === 'image';
    // A controller that writes the number of a revision is not who wanted it.
    if (told || from.action === 'deleted' || (from.consequence && into.source !== 'object')) return undefined;
    // The record of a release is made anew by each of its revisions.
    if (into.source !== 'helm' && into.action !== from.action) return undefined;
    return {
      ...into,
      ...(from.who === undefined ? {} : { who: from.who }),
      bodies: [...into.bodies, ...from.bodies],
      ...(into.source === 'object' && into.action === 'changed' ? differencesOf(from) : {}),
    };
  });
}

/** What the audit log has of a change of which the object itself tells only that it was. */
function differencesOf(from: ConfigurationChange): Partial<ConfigurationChange> {
  if (from.fields.length === 0) return {};
  const { what, fields, moreFields, rollback, noRollback } = from;
  return { what, fields, moreFields, among: [], ...present({ rollback, noRollback }) };
}

/** Each of `more` is put into the one of `changes` that is nearest in time and about the same object; what is not, stands for itself. */
function absorbed(
  changes: readonly ConfigurationChange[],
  more: readonly ConfigurationChange[],
  join: (into: ConfigurationChange, from: ConfigurationChange) => ConfigurationChange | undefined,
): ConfigurationChange[] {
  const merged = [...changes];
  const places = new Map<string, number[]>();
  for (const [at, { object, aliases }] of merged.entries())
    for (const key of [object, ...aliases].map(objectKey)) places.set(key, [...(places.get(key) ?? []), at]);
  const alone: ConfigurationChange[] = [];
  for (const from of more) {
    const candidates = (places.get(objectKey(from.object)) ?? [])
      .map((at) => ({ at, apart: apart(merged[at], from) }))
      .filter(({ apart: milliseconds }) => milliseconds !== undefined)
      .sort((a, b) => (a.apart ?? 0) - (b.apart ?? 0));
    const taken = candidates.find(({ at }) => {
      const into = merged[at];
      const joined = into === undefined ? undefined : join(into, from);
      if (joined !== undefined) merged[at] = joined;
      return joined !== undefined;
    });
    if (taken === undefined) alone.push(from);
  }
  return [...merged, ...alone];
}

/** Milliseconds between what caused a change and the change; undefined when they are too far from each other. */
function apart(into: ConfigurationChange | undefined, from: ConfigurationChange): number | undefined {
  if (into === undefined) return undefined;
  const difference = milliseconds(into.time) - milliseconds(from.time);
  return difference > after || difference < -before ? undefined : Math.abs(difference);
}

/** Of times in RFC 3339, which all have the same length up to their seconds. */
export function milliseconds(time: string): number {
  return Date.parse(`${momentKey(time).slice(0, 23)}Z`);
}

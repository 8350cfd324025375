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
  const own = changes.filter(({ source }) => !['audit', 'object', 'baseline'].includes(source));
  const managed = changes.filter(({ source }) => source === 'object');
  const audited = changes.filter(({ source }) => source === 'audit');
  const claimed = absorbed(own, managed, (into, { action, claims }) => {
    if (into.source !== 'rollout' || action !== 'changed') return undefined;
    return claims === undefined || into.claims !== undefined ? into : { ...into, claims };
  });
  const known = absorbed(claimed, audited, (into, from) => {
    const told = into.who !== undefined || into.source === 'event' || into.source === 'image';
    // A controller that writes the number of a revision is not who wanted it.
    if (told || from.action === 'deleted' || (from.consequence && into.source !== 'object')) return undefined;
    // The record of a release is made anew by each of its revisions.
    if (into.source !== 'helm' && into.action !== from.action) return undefined;
    if (into.source === 'rollout' && !mayHaveRolledOut(from)) return undefined;
    const named = { ...into, ...present({ who: from.who }), bodies: [...into.bodies, ...from.bodies] };
    return into.source === 'object' && into.action === 'changed' ? withDifferences(named, from) : named;
  });
  return withBaseline(
    known,
    changes.filter(({ source }) => source === 'baseline'),
  );
}

/** A request whose differences are known rolls out only where the template is among them: who scales is not who changed the image. */
function mayHaveRolledOut({ fields, moreFields }: ConfigurationChange): boolean {
  return fields.length === 0 || moreFields > 0 || fields.some(({ path }) => path.startsWith('spec.template'));
}

/** Of what an earlier case tells only that it happened, the exact time is told where another source has it. */
function withBaseline(
  known: readonly ConfigurationChange[],
  baseline: readonly ConfigurationChange[],
): ConfigurationChange[] {
  const merged = [...known];
  const keyOf = ({ object, action }: ConfigurationChange): string => `${action} ${objectKey(object)}`;
  const places = new Map(
    merged.flatMap((one, at) => (one.source === 'event' ? [] : [[keyOf(one), at] as const])),
  );
  const alone = baseline.filter((from) => {
    const at = places.get(keyOf(from));
    const into = at === undefined ? undefined : merged[at];
    if (at === undefined || into === undefined) return true;
    if (into.fields.length === 0) merged[at] = withDifferences(into, from);
    return false;
  });
  return [...merged, ...alone];
}

/** A change of which its own source tells only that it was, with what another source has of it. */
function withDifferences(into: ConfigurationChange, from: ConfigurationChange): ConfigurationChange {
  if (from.fields.length === 0) return into;
  const { fields, moreFields, rollback, noRollback, bodies } = from;
  const { rollback: ownRollback, noRollback: ownReason, ...rest } = into;
  const reason = rollback === undefined ? (noRollback ?? ownReason) : undefined;
  return {
    ...rest,
    what: into.action === 'changed' ? from.what : 'deleted',
    fields,
    moreFields,
    among: [],
    bodies: [...into.bodies, ...bodies],
    ...present({ rollback: rollback ?? ownRollback, noRollback: reason }),
  };
}

/**
 * Each of `more` is put into the one of `changes` that is nearest in time and about the same object, the nearest of all first: who was
 * there some seconds before is not blamed for what another did. What is not put anywhere stands for itself.
 */
function absorbed(
  changes: readonly ConfigurationChange[],
  more: readonly ConfigurationChange[],
  join: (into: ConfigurationChange, from: ConfigurationChange) => ConfigurationChange | undefined,
): ConfigurationChange[] {
  const merged = [...changes];
  const places = new Map<string, number[]>();
  for (const [at, { object, aliases }] of merged.entries())
    for (const key of [object, ...aliases].map(objectKey)) places.set(key, [...(places.get(key) ?? []), at]);
  const pairs = more
    .flatMap((from) =>
      (places.get(objectKey(from.object)) ?? []).map((at) => ({ from, at, apart: apart(merged[at], from) })),
    )
    .filter(({ apart: milliseconds }) => milliseconds !== undefined)
    .sort((a, b) => (a.apart ?? 0) - (b.apart ?? 0));
  const taken = new Set<ConfigurationChange>();
  for (const { from, at } of pairs) {
    const into = merged[at];
    const joined = into === undefined || taken.has(from) ? undefined : join(into, from);
    if (joined === undefined) continue;
    merged[at] = joined;
    taken.add(from);
  }
  return [...merged, ...more.filter((from) => !taken.has(from))];
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

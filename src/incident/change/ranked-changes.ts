import { formatAge } from '../../output/age.ts';
import { momentKey } from '../moment.ts';
import { type ConfigurationChange, type ObjectName, objectKey } from './change.ts';
import { milliseconds } from './merged-changes.ts';
import { type Level, levels, type Nearness } from './nearness.ts';

/** A change in its place: how near it is, and why it stands where it does. */
export interface RankedChange {
  readonly change: ConfigurationChange;
  readonly level: Level;
  /** How near, how long before the incident, and what else put it there. */
  readonly reason: string;
}

/** Helm waits for what it makes for five minutes, if it is not told otherwise. */
const helmTakes = 300_000;

/**
 * Changes in the order in which they are to be looked at: the nearest first, then the latest; what controllers made of others stands
 * behind the policies. An upgrade of a release stands before the first rollout that it caused.
 */
export function rankedChanges(
  changes: readonly { readonly change: ConfigurationChange; readonly near: Nearness }[],
  incident: string,
  releaseOfObject: (object: ObjectName) => ObjectName | undefined,
): RankedChange[] {
  const rollouts = new Map<string, number[]>();
  for (const { change } of changes) {
    const release = change.source === 'rollout' ? releaseOfObject(change.object) : undefined;
    if (release === undefined) continue;
    const key = objectKey(release);
    rollouts.set(key, [...(rollouts.get(key) ?? []), milliseconds(change.time)]);
  }
  const moment = ({ source, object, time }: ConfigurationChange): number => {
    const own = milliseconds(time);
    if (source !== 'helm') return own;
    const caused = (rollouts.get(objectKey(object)) ?? []).filter(
      (at) => at >= own - 2000 && at <= own + helmTakes,
    );
    return caused.length === 0 ? own : Math.max(own, Math.min(...caused));
  };
  return changes
    .map(({ change, near }) => ({ change, near, moment: moment(change) }))
    .sort(
      (a, b) =>
        placeOf(a.change, a.near) - placeOf(b.change, b.near) ||
        Number(a.change.consequence) - Number(b.change.consequence) ||
        b.moment - a.moment ||
        Number(b.change.source === 'helm') - Number(a.change.source === 'helm') ||
        (momentKey(a.change.time) < momentKey(b.change.time) ? 1 : -1),
    )
    .map(({ change, near }) => ({ change, level: near.level, reason: reasonOf(change, near, incident) }));
}

/** What controllers made of a change stands behind all that may have made them, however near it is. */
function placeOf({ consequence }: ConfigurationChange, { level }: Nearness): number {
  const place = levels.indexOf(level);
  return consequence ? Math.max(place, levels.indexOf('beginning')) : place;
}

function reasonOf(
  { time, atLatest, consequence }: ConfigurationChange,
  near: Nearness,
  incident: string,
): string {
  const apart = milliseconds(incident) - milliseconds(time);
  const when =
    apart < 0
      ? `${formatAge(-apart)} after`
      : `${formatAge(apart)} before${atLatest === true ? ', or more' : ''}`;
  return [near.reason, when, ...(consequence ? ['done by a controller, as it seems'] : [])].join('; ');
}

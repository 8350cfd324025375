import {
  type Course,
  type IncidentFacts,
  type IncidentPhase,
  incidentPhases,
  type Moment,
  type PhaseMove,
} from './course.ts';

/** The times that durations are counted between; `held` is the first isolation that HOLDS. */
export function momentsOf(
  { began, detected }: IncidentFacts,
  moves: readonly PhaseMove[],
  held: Moment | undefined,
): Course['moments'] {
  const [first] = moves;
  const opened: Moment | undefined =
    first === undefined ? undefined : { time: first.time, line: first.line, shown: 'opened' };
  const noticed: Moment | undefined = detected === undefined ? opened : { time: detected, shown: 'said' };
  const contained = earlier(held, passing(moves, 'contain'));
  const now = moves.at(-1)?.phase ?? 'open';
  const recovered = isAfter(now, 'recover') ? passing(moves, 'recover') : undefined;
  return {
    ...(began === undefined ? {} : { began: { time: began, shown: 'said' } }),
    ...(noticed === undefined ? {} : { detected: noticed }),
    ...(contained === undefined ? {} : { contained }),
    ...(recovered === undefined ? {} : { recovered }),
  };
}

/** Seconds between the moments that are known; nothing where the end is before the beginning. */
export function timesOf({ began, detected, contained, recovered }: Course['moments']): Course['times'] {
  const detect = seconds(began, detected);
  const contain = seconds(detected, contained);
  const recover = seconds(detected, recovered);
  return {
    ...(detect === undefined ? {} : { detect }),
    ...(contain === undefined ? {} : { contain }),
    ...(recover === undefined ? {} : { recover }),
  };
}

/** The move that ended the last stay in a phase for a later one. */
function passing(moves: readonly PhaseMove[], phase: IncidentPhase): Moment | undefined {
  const entered = moves.findLastIndex((move) => move.phase === phase);
  const left = entered < 0 ? undefined : moves.slice(entered).find((move) => isAfter(move.phase, phase));
  return left === undefined ? undefined : { time: left.time, line: left.line, shown: 'move' };
}

function isAfter(phase: IncidentPhase, other: IncidentPhase): boolean {
  return incidentPhases.indexOf(phase) > incidentPhases.indexOf(other);
}

function earlier(one: Moment | undefined, other: Moment | undefined): Moment | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (one.line ?? 0) <= (other.line ?? 0) ? one : other;
}

function seconds(from: Moment | undefined, to: Moment | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const between = (Date.parse(to.time) - Date.parse(from.time)) / 1000;
  return between >= 0 ? between : undefined;
}

import { type Course, type IncidentPhase, incidentPhases } from './course.ts';

/** What a move into a phase would mean. */
export interface PhaseStep {
  readonly from: IncidentPhase;
  /** Phases before it that the incident was never in, and of which nobody has said yet that this is meant. */
  readonly skipped: readonly IncidentPhase[];
  /** True when the incident was in that phase before, and has gone further since. */
  readonly back: boolean;
}

/**
 * What it means to move an incident into a phase; undefined when it is in it already. To contain first is the rule and
 * skips nothing: identify and coordinate can be caught up with, and are asked for when a phase after contain is entered.
 */
export function phaseStep({ moves }: Pick<Course, 'moves'>, phase: IncidentPhase): PhaseStep | undefined {
  const from = moves.at(-1)?.phase ?? 'open';
  if (from === phase) return undefined;
  const entered = new Set<IncidentPhase>(['open', ...moves.map((move) => move.phase)]);
  const meant = new Set(moves.flatMap(({ skipped = [] }) => skipped));
  const place = incidentPhases.indexOf(phase);
  const wasFurther = incidentPhases.slice(place + 1).some((one) => entered.has(one));
  const catchingUp = phase === 'contain' || entered.has(phase) || wasFurther;
  return {
    from,
    skipped: catchingUp
      ? []
      : incidentPhases.slice(0, place).filter((one) => !entered.has(one) && !meant.has(one)),
    back: wasFurther && entered.has(phase),
  };
}

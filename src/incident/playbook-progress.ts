import type { StepRecord } from './course.ts';
import type { Playbook, PlaybookStep } from './plan/playbook.ts';

/** How far a playbook is. */
export interface PlaybookProgress {
  /** Missing when all is done. */
  readonly next?: PlaybookStep;
  /** Its place, from 1; one more than there are steps when all is done. */
  readonly place: number;
  /** The newest record of a step that the playbook still has. */
  readonly last?: StepRecord;
}

/**
 * How far a playbook is in a case: after a step that was done or skipped comes the one behind it in the plan as it is now;
 * one that failed, or was started and has no end, comes again. With `from`, that step comes, whatever was done.
 */
export function playbookProgress(
  { id, steps }: Playbook,
  records: readonly StepRecord[],
  from?: string,
): PlaybookProgress {
  const placeOf = (step: string): number => steps.findIndex((one) => one.id === step);
  const last = records.findLast(({ playbook, step }) => playbook === id && placeOf(step) >= 0);
  const ended = last?.outcome === 'done' || last?.outcome === 'skipped';
  const after = last === undefined ? 0 : placeOf(last.step) + (ended ? 1 : 0);
  const index = from === undefined ? after : placeOf(from);
  const next = steps[index];
  return {
    ...(next === undefined ? {} : { next }),
    place: index + 1,
    ...(last === undefined ? {} : { last }),
  };
}

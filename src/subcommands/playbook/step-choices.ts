import type { StepRecord } from '../../incident/course.ts';
import type { PlaybookStep } from '../../incident/plan/playbook.ts';
import type { Choice } from './questions.ts';
import type { StepCommand } from './step-command.ts';

/** The record of a step that failed, when that is the newest. */
export function endedBadly({ id }: PlaybookStep, last: StepRecord | undefined): StepRecord | undefined {
  return last?.step === id && last.outcome === 'failed' ? last : undefined;
}

/** What is known of a step that comes again. */
export function notesOn(step: PlaybookStep, last: StepRecord | undefined): string[] {
  const failed = endedBadly(step, last);
  if (failed !== undefined) {
    const { time, by, line, exit } = failed;
    return [
      `it failed at ${time} for ${by} (line ${line}${exit === undefined ? '' : `, exit code ${exit}`})`,
    ];
  }
  if (last?.step !== step.id || last.outcome !== 'started') return [];
  const { time, by, line } = last;
  return [
    `${by} started it at ${time} (line ${line}) and no end is recorded: look what it did before it runs again`,
  ];
}

/** What a person may say to a step. A command that was run and did not do all of it (3 is partial) may be taken as done by a person. */
export function choicesFor(
  step: PlaybookStep,
  command: StepCommand | undefined,
  last: StepRecord | undefined,
): Choice[] {
  const rest: Choice[] = ['skip', 'hand over', 'quit'];
  if (command === undefined) return step.check === undefined ? ['done', ...rest] : ['yes', 'no', ...rest];
  const run: Choice[] = command.fault === undefined ? ['run'] : [];
  const ran =
    endedBadly(step, last)?.exit !== undefined || (last?.step === step.id && last.outcome === 'started');
  return [...run, ...(ran ? (['done'] as const) : []), ...rest];
}

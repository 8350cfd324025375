import type { IncidentPhase } from '../../incident/course.ts';
import type { PhaseStep } from '../../incident/phase-step.ts';
import { peopleOf, personCalled } from '../../incident/plan/decider.ts';
import type { Reference } from '../../incident/plan/plan.ts';
import type { Rota } from '../../incident/plan/rota.ts';
import { onCall } from '../../incident/plan/shifts.ts';
import { OperationError, UsageError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { createProgress } from '../../output/progress.ts';
import { confirmYes } from '../confirm.ts';
import type { PlanInUse } from '../plan-in-use.ts';

/** What must be confirmed before a move, a question each. */
export function questionsOf(step: PhaseStep, phase: IncidentPhase, before: readonly string[]): string[] {
  return [
    ...(step.back ? [`The incident is in ${step.from}. Back to ${phase}?`] : []),
    ...(step.skipped.length === 0
      ? []
      : [`The incident was never in ${step.skipped.join(', ')}. Skip that?`]),
    ...before.map((text) => `The plan wants this to be so: ${text}. Is it?`),
  ];
}

/**
 * Asks all questions, one after the other. Throws OperationError at the first no, and UsageError where nobody can be asked
 * and `yes` does not answer them.
 */
export async function confirmAll(
  io: Io,
  questions: readonly string[],
  yes: boolean,
  signal: AbortSignal,
): Promise<void> {
  const [first] = questions;
  if (yes || first === undefined) return;
  if (!io.interactive)
    throw new UsageError(
      `this must be confirmed; add --yes when it is so:\n${questions.map((one) => `  ${one}`).join('\n')}`,
    );
  for (const question of questions)
    if (!(await confirmYes(io, terminalLine(question), signal)))
      throw new OperationError(`not confirmed: ${question} Nothing was recorded`);
}

/**
 * The name and id of the person who decides on a move, who must be one of those whom the plan names for it. Throws
 * UsageError when nobody is given, and OperationError when it is somebody else.
 */
export async function deciderOf(
  io: Io,
  { plan, path }: PlanInUse,
  references: readonly Reference[],
  phase: IncidentPhase,
  given: string | undefined,
): Promise<string> {
  const unread: string[] = [];
  const people = peopleOf(plan, references, (rota) => dutyOf(rota, io.now().getTime(), unread));
  for (const message of unread) await createProgress(io).warn(message);
  const allowed = plan.people.filter(({ id }) => people.has(id));
  const names = allowed.map(({ id, name }) => `${id} (${name})`).join(', ');
  const whom = `${references.join(', ')}${names === '' ? ', which is nobody now' : `: ${names}`}`;
  if (given === undefined)
    throw new UsageError(`by the plan, ${phase} is decided by ${whom}; add --decided-by WHO`);
  const person = personCalled(plan, given);
  if (person !== undefined && people.has(person.id)) return `${person.name} (${person.id})`;
  throw new OperationError(`by the plan, ${phase} is not for "${given}" to decide, but for ${whom}`, {
    advice: `have one of them decide, or change decisions in ${path}`,
  });
}

function dutyOf(rota: Rota, moment: number, unread: string[]): string[] {
  try {
    const { person } = onCall(rota, moment);
    return person === undefined ? [] : [person];
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    unread.push(`who is on call cannot be told: ${error.message}`);
    return [];
  }
}

import type { IncidentPhase } from '../../incident/course.ts';
import type { PhaseStep } from '../../incident/phase-step.ts';
import { callsOf, follow } from '../../incident/plan/call.ts';
import { personCalled } from '../../incident/plan/decider.ts';
import { dutiesAt } from '../../incident/plan/duties.ts';
import type { Reference } from '../../incident/plan/plan.ts';
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
  const leads = follow(plan, references);
  const rotas = leads.flatMap((lead) => (lead.to === 'rota' ? [lead.rota] : []));
  const { duties, doubts } = await dutiesAt(plan, path, rotas, io.now().getTime());
  const { calls, gaps } = callsOf(plan, leads, duties);
  for (const { reference, why } of gaps) await createProgress(io).warn(`${reference}: ${why}`);
  for (const doubt of doubts) await createProgress(io).warn(terminalLine(doubt));
  const people = calls.flatMap(({ person }) => (person === undefined ? [] : [person]));
  const names = people.map(({ id, name }) => `${id} (${name})`).join(', ');
  const whom = `${references.join(', ')}${names === '' ? ', which is nobody now' : `: ${names}`}`;
  if (given === undefined)
    throw new UsageError(`by the plan, ${phase} is decided by ${whom}; add --decided-by WHO`);
  const called = personCalled(plan, given);
  const person = people.find(({ id }) => id === called?.id);
  if (person !== undefined) return `${person.name} (${person.id})`;
  throw new OperationError(`by the plan, ${phase} is not for "${given}" to decide, but for ${whom}`, {
    advice: `have one of them decide, or change decisions in ${path}`,
  });
}

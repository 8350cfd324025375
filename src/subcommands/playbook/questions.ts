import { isObjectName } from '../../cluster/target.ts';
import { isDetail } from '../../evidence/case-record.ts';
import { recordInCase } from '../../incident/case-course.ts';
import { handoverAct } from '../../incident/course-acts.ts';
import type { Filling, Placeholder } from '../../incident/plan/command-words.ts';
import { writeLine } from '../../output/io.ts';
import { ask } from '../ask.ts';
import type { CommandContext } from '../command.ts';

/** What can be done about a step; the first letter of each is typed. */
export type Choice = 'done' | 'yes' | 'no' | 'run' | 'skip' | 'hand over' | 'quit';

/** Asks until one of the choices is typed, by its first letter or as a whole; the end of input is to quit. */
export async function choose({ io, signal }: CommandContext, choices: readonly Choice[]): Promise<Choice> {
  const question = `${choices.map((one) => `[${one.slice(0, 1)}]${one.slice(1)}`).join(', ')}: `;
  for (;;) {
    const typed = (await ask(io, question, signal))?.toLowerCase();
    if (typed === undefined) return 'quit';
    const found =
      typed === '' ? undefined : choices.find((one) => one === typed || one.slice(0, 1) === typed);
    if (found !== undefined) return found;
  }
}

/** Why a step is skipped; empty when nothing is said. */
export function reason(context: CommandContext): Promise<string> {
  return oneLineOf(context, 'Why is it skipped? ');
}

/** Asks to whom a case is handed over and records that; undefined when nobody was named. */
export async function handOver(
  context: CommandContext,
  dir: string,
  why: string,
): Promise<string | undefined> {
  const { io, signal } = context;
  const to = await oneLineOf(context, 'To whom? ');
  if (to === '') return undefined;
  await recordInCase(io, dir, signal, (_course, name) => [handoverAct(name, { to, reason: why })]);
  return to;
}

/** Asks for the names that a command lacks; those that were not given are missing still. */
export async function missingNames(
  { io, signal }: CommandContext,
  step: string,
  missing: readonly Placeholder[],
): Promise<Filling> {
  const found: Partial<Record<Placeholder, string>> = {};
  for (const name of missing) {
    const typed = (await ask(io, `Step ${step} needs the name of a ${name}: `, signal)) ?? '';
    if (isObjectName(typed)) found[name] = typed;
    else if (typed !== '') await writeLine(io.stderr, `that is not the name of a ${name}`);
  }
  return found;
}

async function oneLineOf({ io, signal }: CommandContext, question: string): Promise<string> {
  for (;;) {
    const typed = (await ask(io, question, signal)) ?? '';
    if (typed === '' || isDetail(typed)) return typed;
    await writeLine(io.stderr, 'one line of text, please, without control characters');
  }
}

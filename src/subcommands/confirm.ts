import { OperationError, UsageError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { ask } from './ask.ts';

/** Throws UsageError when a command that changes the cluster may neither ask nor go on without asking. */
export function requireConsent(
  io: Io,
  command: string,
  flags: { readonly yes: boolean; readonly 'dry-run': string },
): void {
  if (flags.yes || flags['dry-run'] !== 'none' || io.interactive) return;
  throw new UsageError(`${command} changes the cluster; add --yes, or --dry-run=client to see the plan`);
}

/** Asks a question that is answered with y or n; no when nobody can be asked. */
export async function confirmYes(io: Io, question: string, signal: AbortSignal): Promise<boolean> {
  if (!io.interactive) return false;
  return /^y(es)?$/i.test((await ask(io, `${question} [y/N] `, signal)) ?? '');
}

/** Asks the user to type a name. Throws OperationError when anything else is typed. */
export function confirmName(io: Io, question: string, name: string, signal: AbortSignal): Promise<void> {
  return confirm(io, { question, what: 'its name', word: name }, signal);
}

/** Asks the user to type how many. Throws OperationError when anything else is typed. */
export function confirmNumber(io: Io, question: string, number: number, signal: AbortSignal): Promise<void> {
  return confirm(io, { question, what: 'their number', word: String(number) }, signal);
}

async function confirm(
  io: Io,
  { question, what, word }: { readonly question: string; readonly what: string; readonly word: string },
  signal: AbortSignal,
): Promise<void> {
  if ((await ask(io, `${question} Type ${what} to go on: `, signal)) === word) return;
  throw new OperationError(`that is not ${what}; nothing was changed`);
}

import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { OperationError, UsageError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

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
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const ended = once(lines, 'close').then(() => '');
    const typed = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(typed.trim());
  } finally {
    lines.close();
  }
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
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    // A question that is answered by the end of input would never be settled.
    const ended = once(lines, 'close').then(() => '');
    const typed = await Promise.race([
      lines.question(`${question} Type ${what} to go on: `, { signal }),
      ended,
    ]);
    if (typed.trim() === word) return;
  } finally {
    lines.close();
  }
  throw new OperationError(`that is not ${what}; nothing was changed`);
}

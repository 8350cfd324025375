import { resolve } from 'node:path';
import { isDetail } from '../evidence/case-record.ts';
import { UsageError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

/** The case that a command line names with its one word, or `$KUBECTL_IR_CASE`; its absolute path. */
export function caseWord(io: Io, command: string, words: readonly string[]): string {
  const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
  if (dir === undefined || dir === '' || more.length > 0)
    throw new UsageError(`${command} takes one case directory: kubectl ir ${command} CASE`);
  return resolve(dir);
}

/**
 * A case and what is said of it, for a command that needs both: with `$KUBECTL_IR_CASE` one word is that second one.
 * `what` is its name in the usage line.
 */
export function caseAndWord(
  io: Io,
  command: string,
  what: string,
  words: readonly string[],
): { readonly dir: string; readonly word: string } {
  const word = words.at(-1);
  if (word === undefined || words.length > 2)
    throw new UsageError(
      `${command} takes a case directory and one ${what}, in quotes when it has spaces: kubectl ir ${command} CASE ${what}`,
    );
  return { dir: caseWord(io, command, words.slice(0, -1)), word };
}

/** Text that goes into the records of a case; `name` is that of its flag or word. Throws UsageError when it is empty or not one line. */
export function oneLine<T extends string | undefined>(name: string, text: T): T {
  if (text === undefined || isDetail(text)) return text;
  throw new UsageError(`${name} needs one line of text`);
}

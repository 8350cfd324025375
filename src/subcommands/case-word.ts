import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDetail } from '../evidence/case-record.ts';
import { UsageError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

/** The case that a command line names with its one word, or `$KUBECTL_IR_CASE`; its absolute path. */
export function caseWord(io: Io, command: string, words: readonly string[]): string {
  return placeOf(io, words, `${command} takes one case directory: kubectl ir ${command} CASE`);
}

/** The same for a command that takes an archive of a case too. */
export function caseOrArchiveWord(io: Io, command: string, words: readonly string[]): string {
  return placeOf(
    io,
    words,
    `${command} takes one case directory, or an archive of one: kubectl ir ${command} CASE|ARCHIVE`,
  );
}

function placeOf(io: Io, words: readonly string[], usage: string): string {
  const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
  if (dir === undefined || dir === '' || more.length > 0) throw new UsageError(usage);
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
  const usage = `${command} takes a case directory and one ${what}, in quotes when it has spaces: kubectl ir ${command} CASE ${what}`;
  const word = words.at(-1);
  if (word === undefined) throw new UsageError(usage);
  return { dir: placeOf(io, words.slice(0, -1), usage), word };
}

/**
 * Refuses the one word of a command that takes a case, or a case and a text, where the text alone was meant: the word is no
 * place on disk, and `$KUBECTL_IR_CASE` names a case. `instead` is the line that takes it.
 */
export async function refuseLoneText(io: Io, words: readonly string[], instead: string): Promise<void> {
  const [word = '', ...more] = words;
  if (word === '' || more.length > 0 || (io.env['KUBECTL_IR_CASE'] ?? '') === '') return;
  if ((await lstat(resolve(word)).catch(() => undefined)) !== undefined) return;
  throw new UsageError(`no case at ${resolve(word)}; a text for that of $KUBECTL_IR_CASE: ${instead}`);
}

/** Text that goes into the records of a case; `name` is that of its flag or word. Throws UsageError when it is empty or not one line. */
export function oneLine<T extends string | undefined>(name: string, text: T): T {
  if (text === undefined || isDetail(text)) return text;
  throw new UsageError(`${name} needs one line of text`);
}

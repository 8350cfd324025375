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

/** A flag's text that goes into the records of a case. Throws UsageError when it is empty or not one line. */
export function oneLine<T extends string | undefined>(flag: string, text: T): T {
  if (text === undefined || isDetail(text)) return text;
  throw new UsageError(`--${flag} needs one line of text`);
}

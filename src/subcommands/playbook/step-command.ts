import {
  commandText,
  type Filling,
  fillWords,
  type Placeholder,
  placeholders,
  placeholdersIn,
  splitWords,
} from '../../incident/plan/command-words.ts';
import { isOneOf } from '../../incident/fields.ts';

/** The command line of a step, ready to be run. */
export interface StepCommand {
  /** As a person would type it. */
  readonly text: string;
  readonly words: readonly string[];
  /** What was filled in of what it has, but for the case. */
  readonly filled: Readonly<Record<string, string>>;
  /** What it has and nobody knows. */
  readonly missing: readonly Placeholder[];
  /** Why it cannot be run, in words. */
  readonly fault?: string;
}

/** The command of a step with everything filled in that is known. */
export function stepCommand(line: string, filling: Filling): StepCommand {
  const split = splitWords(line);
  if (typeof split === 'string')
    return { text: `kubectl ir ${line}`, words: [], filled: {}, missing: [], fault: split };
  const names = placeholdersIn(split);
  const unknown = names.filter((name) => !isOneOf(placeholders, name));
  const missing = names
    .filter((name) => isOneOf(placeholders, name))
    .filter((name) => filling[name] === undefined);
  const words = fillWords(split, filling);
  const fault = faultOf(words, unknown, missing);
  return {
    text: `kubectl ir ${commandText(words)}`,
    words,
    filled: Object.fromEntries(
      names.flatMap((name) => {
        const value = isOneOf(placeholders, name) ? filling[name] : undefined;
        return value === undefined || name === 'case' ? [] : [[name, value]];
      }),
    ),
    missing,
    ...(fault === undefined ? {} : { fault }),
  };
}

function faultOf(
  words: readonly string[],
  unknown: readonly string[],
  missing: readonly Placeholder[],
): string | undefined {
  if (words.length === 0) return 'it is empty';
  if (unknown.length > 0) return `nothing is known of {{${unknown.join('}}, {{')}}}`;
  return missing.length === 0 ? undefined : `nothing to fill {{${missing.join('}}, {{')}}} with`;
}

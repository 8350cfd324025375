import type { Parser as ParserType } from 'yargs/helpers';
import { UsageError } from './output/errors.ts';
import { nearestName } from './cluster/nearest.ts';
import type { Flag, Flags } from './subcommands/command.ts';

/** A command line taken apart. */
export interface ParsedLine {
  /** Words that are not flags, in order, including those after `--`. */
  readonly words: readonly string[];
  /** Each flag of the table: undefined (scalars), false (booleans) or an empty list (repeated) when not given and without default. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly help: boolean;
}

/** As kubectl reads flags: the last of several wins, there is no `--no-x`, and dots, dashes and digits have no meaning in names. */
const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'unknown-options-as-args': true,
};

/**
 * Parses a command line by a flag table. With `untilWord`, everything from the first word on is left unparsed in `words`. Throws
 * UsageError in kubectl's wording for an unknown flag and for a missing or wrong value.
 *
 * Uses only the parser of yargs: yargs itself reads the package.json of the working directory or one above it, for a version that
 * nobody asked for.
 */
export async function parseLine(
  argv: readonly string[],
  flags: Flags,
  options: { readonly untilWord?: boolean } = {},
): Promise<ParsedLine> {
  const { Parser } = await import('yargs/helpers');
  const { argv: parsed, error } = Parser.detailed([...argv], {
    ...parserOptions(flags),
    configuration: { ...parserConfiguration, 'halt-at-non-option': options.untilWord ?? false },
  });
  if (error !== null) throw missingValue(error);
  const plain = stringList(parsed['_']);
  const unknown = plain.find((word) => /^-./.test(word)) ?? unknownKey(parsed, flags);
  if (unknown !== undefined) throw unknownFlag(unknown, flags);
  return {
    words: [...plain, ...stringList(parsed['--'])],
    values: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [name, flagValue(name, flag, parsed[name])] as const),
    ),
    help: parsed['help'] === true,
  };
}

/** We read numbers ourselves, to name a wrong one in the error. `narg: NaN` makes the parser require a value for each. */
function parserOptions(flags: Flags): NonNullable<Parameters<typeof ParserType.detailed>[1]> {
  const entries = Object.entries(flags);
  const names = (wanted: (flag: Flag) => boolean): string[] =>
    entries.filter(([, flag]) => wanted(flag)).map(([name]) => name);
  const withValue = names(({ type }) => type !== 'boolean');
  return {
    boolean: [...names(({ type }) => type === 'boolean'), 'help'],
    string: withValue,
    array: names(({ repeated }) => repeated === true),
    narg: Object.fromEntries(withValue.map((name) => [name, Number.NaN])),
    alias: {
      help: 'h',
      ...Object.fromEntries(
        entries.flatMap(([name, { short }]) => (short === undefined ? [] : [[name, short]])),
      ),
    },
  };
}

function missingValue(error: Error): Error {
  const name = /following: (\S+)/.exec(error.message)?.[1];
  if (name === undefined) return error;
  return new UsageError(
    name.length === 1 ? `flag needs an argument: -${name}` : `flag needs an argument: --${name}`,
  );
}

/** The parser lets `--no-NAME` of a known NAME through as a flag of its own. */
function unknownKey(parsed: Readonly<Record<string, unknown>>, flags: Flags): string | undefined {
  const shorts = Object.values(flags).flatMap((flag) => flag.short ?? []);
  const known = new Set(['_', '--', '$0', 'help', 'h', ...Object.keys(flags), ...shorts]);
  const key = Object.keys(parsed).find((name) => !known.has(name));
  return key === undefined ? undefined : `--${key}`;
}

function unknownFlag(word: string, flags: Flags): UsageError {
  if (!word.startsWith('--')) return new UsageError(`unknown shorthand flag: '${word.charAt(1)}' in ${word}`);
  const name = word.slice(2).replace(/=.*$/s, '');
  const near = nearestName(name, [...Object.keys(flags), 'help']);
  return new UsageError(`unknown flag: --${name}${near === undefined ? '' : `; nearest: --${near}`}`);
}

function flagValue(name: string, flag: Flag, given: unknown): unknown {
  if (flag.repeated === true) return stringList(given).map((text) => scalar(name, flag, text));
  const last: unknown = Array.isArray(given) ? given.at(-1) : given;
  if (flag.type === 'boolean') return last === undefined ? (flag.default ?? false) : last === true;
  return typeof last === 'string' ? scalar(name, flag, last) : flag.default;
}

function scalar(name: string, flag: Flag, text: string): string | number {
  const shown = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`;
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    throw new UsageError(
      `invalid argument "${text}" for "${shown}" flag: must be one of ${flag.choices.join(', ')}`,
    );
  }
  if (flag.type !== 'number') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new UsageError(`invalid argument "${text}" for "${shown}" flag: not a number`);
  }
  return value;
}

function stringList(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

import yargs, { type Options } from 'yargs';
import { UsageError } from './output/errors.ts';
import { nearestName } from './cluster/nearest.ts';
import type { Flag, Flags } from './subcommands/command.ts';

/** A command line taken apart. */
export interface ParsedLine {
  /** What is no flag, in order; also what follows `--`. */
  readonly words: readonly string[];
  /** Each flag of the table: undefined (scalars), false (booleans) or an empty list (repeated) when not given and without default. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly help: boolean;
}

/** kubectl's way with flags: the last of several wins, no `--no-x`, nothing is made of dots, dashes or digits in names. */
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
 * Takes a command line apart by a flag table. With `untilWord`, everything from the first word on is left unparsed in `words`.
 * Throws UsageError in kubectl's wording: unknown flag, missing or wrong value.
 */
export async function parseLine(
  argv: readonly string[],
  flags: Flags,
  options: { readonly untilWord?: boolean } = {},
): Promise<ParsedLine> {
  const parser = yargs([...argv])
    .help(false)
    .version(false)
    .detectLocale(false)
    .exitProcess(false)
    .fail(false)
    .parserConfiguration({ ...parserConfiguration, 'halt-at-non-option': options.untilWord ?? false })
    .option('help', { type: 'boolean', alias: 'h' })
    .options(
      Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, yargsOption(flag)] as const)),
    );
  const parsed: Record<string, unknown> = await Promise.resolve()
    .then(() => parser.parse())
    .catch(missingValue);
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

/** Numbers are read by us, so that a wrong one can be named. */
function yargsOption(flag: Flag): Options {
  const type = flag.type === 'boolean' ? 'boolean' : 'string';
  return {
    type,
    ...(flag.short === undefined ? {} : { alias: flag.short }),
    ...(type === 'boolean' ? {} : { requiresArg: true }),
    ...(flag.repeated === true ? { array: true } : {}),
  };
}

function missingValue(error: unknown): never {
  const name = error instanceof Error ? /following: (\S+)/.exec(error.message)?.[1] : undefined;
  if (name === undefined) throw error;
  throw new UsageError(
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

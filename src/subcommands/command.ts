import type { GlobalConnection } from '../cluster/connection.ts';
import type { Io } from '../output/io.ts';

/** One flag as the user types it; the type of its value follows from `type` and `repeated`. */
export interface Flag {
  readonly type: 'string' | 'boolean' | 'number';
  /** One-letter form, with kubectl's meaning wherever kubectl has one. */
  readonly short?: string;
  readonly summary: string;
  readonly default?: string | boolean | number;
  readonly choices?: readonly string[];
  /** May be given several times; the value is then a list. */
  readonly repeated?: boolean;
  /** Shown in help in place of the type. */
  readonly placeholder?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

type Scalar<F extends Flag> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'number'
    ? number
    : string;

/** Values of a flag table: lists for repeated flags, never undefined for booleans and flags with a default. */
export type FlagValues<T extends Flags> = {
  readonly [K in keyof T]: T[K] extends { repeated: true }
    ? readonly Scalar<T[K]>[]
    : T[K] extends { type: 'boolean' } | { default: string | number }
      ? Scalar<T[K]>
      : Scalar<T[K]> | undefined;
};

/** How a command line that another command ran ended. */
export interface LineEnd {
  readonly code: number;
  /** True when it did everything it was asked to; for some commands more than one exit code means that. */
  readonly done: boolean;
}

/** What every command gets in addition to its own flags. */
export interface CommandContext {
  readonly io: Io;
  /** kubectl's global flags, as given. */
  readonly global: GlobalFlags;
  /** Aborted when the user interrupts. The command then cleans up and throws. */
  readonly signal: AbortSignal;
  /** Every command of the program, which always gives it; only tests leave it out. */
  readonly commands?: () => Promise<readonly ListedCommand[]>;
  /**
   * Runs another command line (its words after `kubectl ir`) in this process, with the same streams, the same global flags
   * before its own, and `env` added to the environment. Prints its error and never rejects. Only tests leave it out.
   */
  readonly runLine?: (words: readonly string[], env: Readonly<Record<string, string>>) => Promise<LineEnd>;
}

/** A command as others look it up, to judge a line that names it: its words, and its flags with the global ones. */
export interface ListedCommand {
  readonly words: readonly string[];
  readonly flags: Flags;
}

/** kubectl's global flags with kubectl's meaning. */
export interface GlobalFlags extends GlobalConnection {
  readonly v?: number;
}

/**
 * One command as data and two functions, after kubectl's Complete/Validate/Run:
 * `complete` turns what was typed into a plan of resolved, typed values and throws UsageError when it cannot;
 * `run` does the work and returns the exit code. Neither prints errors.
 */
export interface Command<T extends Flags, Plan> {
  readonly flags: T;
  /** For completion: the words that a placeholder of the usage line, such as KIND, may stand for. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Exit code of a failure, for a command in which 1 means something else. */
  readonly failureCode?: number;
  /** What to print after an interrupt, for a command that leaves nothing in the cluster; otherwise the user is pointed to `status`. */
  readonly afterInterrupt?: string;
  complete(words: readonly string[], flags: FlagValues<T>, context: CommandContext): Plan | Promise<Plan>;
  run(plan: Plan, context: CommandContext): Promise<number>;
}

/** A command whose types are forgotten, as the registry holds it. */
export interface RunnableCommand {
  readonly flags: Flags;
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly failureCode?: number;
  readonly afterInterrupt?: string;
  start(
    words: readonly string[],
    flags: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ): Promise<number>;
}

/** Checks a command's types where it is written and forgets them for the registry. */
export function defineCommand<const T extends Flags, Plan>(command: Command<T, Plan>): RunnableCommand {
  return {
    flags: command.flags,
    ...(command.choices === undefined ? {} : { choices: command.choices }),
    ...(command.failureCode === undefined ? {} : { failureCode: command.failureCode }),
    ...(command.afterInterrupt === undefined ? {} : { afterInterrupt: command.afterInterrupt }),
    start: async (words, flags, context) =>
      command.run(await command.complete(words, flags as FlagValues<T>, context), context),
  };
}

import type { Plan } from '../plan.ts';
import type { RotaCalendar } from '../shifts.ts';

/** Something that will hurt on the night. */
export interface Weakness {
  /** Where in the plan: names of members, ids of entries, indexes into lists. */
  readonly path: readonly (string | number)[];
  /** What kind of weakness, such as `area-without-deputy`. */
  readonly rule: string;
  /** One sentence without a full stop: what is so, and what to do where that does not follow. */
  readonly message: string;
  /** An error will fail when it is used; a warning is a risk that somebody should know of. */
  readonly severity: 'error' | 'warning';
}

/** What a check goes by beside the plan. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly commands: readonly KnownCommand[];
  /** By the id of their rota; what of one could not be read is in it. */
  readonly calendars: ReadonlyMap<string, RotaCalendar>;
  /** Parts and entries of the file that could not be read, which was told already; such as `areas` and `people.jane`. */
  readonly unreadable: ReadonlySet<string>;
}

/** A command that a playbook may run: its words after `kubectl ir`, and its flags by name. */
export interface KnownCommand {
  readonly words: readonly string[];
  readonly flags: Readonly<
    Record<string, { readonly type: string; readonly short?: string; readonly choices?: readonly string[] }>
  >;
}

/** One kind of look at a plan; pure. */
export type Check = (plan: Plan, around: Surroundings) => readonly Weakness[];

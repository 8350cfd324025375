/** Phases of one incident, in their order; each is entered by a move that custody records. */
export const incidentPhases = [
  'open',
  'identify',
  'coordinate',
  'contain',
  'eradicate',
  'recover',
  'close',
  'review',
] as const;
export type IncidentPhase = (typeof incidentPhases)[number];

/** What was said of an incident when it was opened; all of it can be said later. */
export interface IncidentFacts {
  /** Ids of the plan. */
  readonly severity?: string;
  readonly area?: string;
  readonly reporter?: string;
  /** What was seen, in the reporter's words. */
  readonly seen?: string;
  /** When it is thought to have begun, and when somebody first noticed; RFC 3339. */
  readonly began?: string;
  readonly detected?: string;
}

/** A move into a phase. `by` and the like are `user@host`; times are RFC 3339 in UTC, of the custody line `line`. */
export interface PhaseMove {
  readonly phase: IncidentPhase;
  readonly time: string;
  readonly by: string;
  readonly line: number;
  /** Who decided, where it was not who typed it. */
  readonly decidedBy?: string;
  readonly why?: string;
  /** Phases before it that were never entered; it was said that this is meant. */
  readonly skipped?: readonly IncidentPhase[];
  /** What had to be so before, by the plan, and was confirmed. */
  readonly confirmed?: readonly string[];
  /** sha256 of the plan that it was checked against. */
  readonly plan?: string;
}

export interface Task {
  /** Counts from 1 in a case. */
  readonly id: number;
  readonly text: string;
  readonly phase: IncidentPhase;
  readonly owner?: string;
  readonly due?: string;
  readonly made: string;
  readonly done?: { readonly time: string; readonly by: string };
}

/** A decision, a remark or a hand-over: words of people with a time. */
export interface Entry {
  readonly kind: 'decision' | 'remark' | 'handover' | 'message';
  readonly time: string;
  readonly by: string;
  readonly line: number;
  readonly text: string;
  /** Who decided, where it was not who typed it. */
  readonly decidedBy?: string;
}

export const stepOutcomes = ['started', 'done', 'skipped', 'failed'] as const;

/** What a step of a playbook came to; one that runs a command has a record when it is started too. */
export interface StepRecord {
  readonly playbook: string;
  readonly step: string;
  readonly outcome: (typeof stepOutcomes)[number];
  readonly time: string;
  readonly by: string;
  readonly line: number;
  readonly remark?: string;
  /** Words after `kubectl ir`, and the exit code that they came to. */
  readonly command?: readonly string[];
  readonly exit?: number;
  /** What the placeholders of the command were filled with, by name. */
  readonly filled?: Readonly<Record<string, string>>;
}

/** A time that durations are counted from or to, and what shows it. */
export interface Moment {
  readonly time: string;
  /** Of custody; missing where `shown` is `said`. */
  readonly line?: number;
  /**
   * `said`: somebody said so when opening the case; `opened`: the case was opened; `isolation`: the first isolation whose
   * verdict was HOLDS; `move`: a move to a later phase.
   */
  readonly shown: 'said' | 'opened' | 'isolation' | 'move';
}

/** The course of an incident as its custody tells it. */
export interface Course {
  readonly facts: IncidentFacts;
  /** The last one is the phase that the incident is in; none before a case has its first line. */
  readonly moves: readonly PhaseMove[];
  readonly tasks: readonly Task[];
  readonly entries: readonly Entry[];
  readonly steps: readonly StepRecord[];
  /**
   * Detected: as said, else when the case was opened. Contained: the first isolation that HOLDS, or the move that ended the
   * last stay in contain for a later phase, whichever came first. Recovered: the move from recover to a later phase, as long
   * as the incident is in one.
   */
  readonly moments: {
    readonly began?: Moment;
    readonly detected?: Moment;
    readonly contained?: Moment;
    readonly recovered?: Moment;
  };
  /** Seconds, where both ends are known and in that order: from its beginning to detection, from detection to containment and to recovery. */
  readonly times: { readonly detect?: number; readonly contain?: number; readonly recover?: number };
  /** Lines that should tell of the course and are not as they should be; they are left out. */
  readonly malformed: number;
}

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
}

/** A step of a playbook that was run. */
export interface StepRecord {
  readonly playbook: string;
  readonly step: string;
  readonly outcome: 'done' | 'skipped' | 'failed';
  readonly time: string;
  readonly by: string;
  readonly line: number;
  readonly remark?: string;
}

/** The course of an incident as its custody tells it. */
export interface Course {
  readonly facts: IncidentFacts;
  readonly moves: readonly PhaseMove[];
  readonly tasks: readonly Task[];
  readonly entries: readonly Entry[];
  readonly steps: readonly StepRecord[];
  /** Seconds, where both ends are known: from its beginning to detection, from detection to containment and to recovery. */
  readonly times: { readonly detect?: number; readonly contain?: number; readonly recover?: number };
}

import type { Api } from '../../cluster/api.ts';
import type { Collector } from '../../collector/collector.ts';
import type { Io } from '../../output/io.ts';
import type { Level } from '../level.ts';
import type { PodLink } from '../link.ts';
import type { RuleInput } from '../rules/parts.ts';
import type { Subject } from '../subject.ts';

/**
 * How an act ended: `part` when some of it is missing or was not shown to work, `not placed` when it can't be done here, `failed`
 * when it was refused.
 */
export type ActOutcome = 'done' | 'part' | 'not placed' | 'failed';

/** The result of an act, in words. */
export interface Performed {
  readonly outcome: ActOutcome;
  readonly detail: string;
  /** Seconds that it took on the node, when the node measured that. */
  readonly nodeSeconds?: number;
  /** For an act that takes effect late: its final result, which replaces this one. */
  readonly settled?: Promise<Performed>;
}

/** What acts on the node need to know of the pod there. */
export interface NodeSide {
  readonly collector: Collector;
  readonly link: PodLink;
  readonly rules: RuleInput;
  /** How its link can be cut; undefined when it can't be. */
  readonly level: Level | undefined;
  /** The cut, when the exec for it was opened ahead. */
  readonly waiting?: WaitingCut;
}

/** A cut whose script is waiting on the node for the rules. */
export interface WaitingCut {
  /** Sends the rules, which are placed all or none. Resolves to the seconds that it took on the node. */
  readonly place: (signal: AbortSignal) => Promise<number | undefined>;
  /** Ends the script when the cut has not been placed. */
  readonly cancel: () => void;
}

/** What an act is given when it is performed. */
export interface Performing {
  readonly api: Api;
  readonly io: Io;
  readonly subject: Subject;
  /** Undefined when there is no collector on the node. */
  readonly node: NodeSide | undefined;
  /** Time limit of the act itself. An interrupt does not abort it: what was begun is finished. */
  readonly signal: AbortSignal;
  /** Aborted when the user interrupts. Ends only the waiting for an act that takes effect late. */
  readonly stop: AbortSignal;
  /** Notes what may be in place from now on, in words, for the message of an interrupt. */
  readonly stands: (what: string) => void;
}

/** What an act is given when the server only validates it (dry run). */
export interface Validating {
  readonly api: Api;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** The pod that was isolated, as its record names it. */
export interface RecordedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
}

/** What an act is given when it is undone. */
export interface Undoing {
  readonly api: Api;
  readonly io: Io;
  readonly pod: RecordedPod;
  /** How the act was ticked off in the record, such as `done 2026-11-22T04:15:00.000Z`. */
  readonly tick: string | undefined;
  /** True to give the pod back to its owner and its Services; otherwise it stays detached. */
  readonly giveBack: boolean;
  /** Runs something with a collector on a node. */
  readonly onNode: <T>(node: string, use: (collector: Collector) => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

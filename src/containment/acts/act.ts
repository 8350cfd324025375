import type { Api } from '../../cluster/api.ts';
import type { Collector } from '../../collector/collector.ts';
import type { Io } from '../../output/io.ts';
import type { Level } from '../level.ts';
import type { PodLink } from '../link.ts';
import type { RuleInput } from '../rules/parts.ts';
import type { Subject } from '../subject.ts';

/** How one act ended: `part` when some of it is not there or not shown, `not placed` when it could not be done here, `failed` when it was refused. */
export type ActOutcome = 'done' | 'part' | 'not placed' | 'failed';

/** What was done, in words. */
export interface Performed {
  readonly outcome: ActOutcome;
  readonly detail: string;
  /** What the node itself took for it, when it measured that. */
  readonly nodeSeconds?: number;
  /** For an act that takes effect late: how it ended, which takes the place of this. */
  readonly settled?: Promise<Performed>;
}

/** The pod's place on its node, as the acts there need it. */
export interface NodeSide {
  readonly collector: Collector;
  readonly link: PodLink;
  readonly rules: RuleInput;
  /** How its link can be cut; undefined when it can't. */
  readonly level: Level | undefined;
  /** The cut of its link, when the exec for it was opened ahead. */
  readonly waiting?: WaitingCut;
}

/** A cut for which all but its rules has been sent to the node. */
export interface WaitingCut {
  /** Sends the rules: they are placed, all or none. The seconds that the node took for it. */
  readonly place: (signal: AbortSignal) => Promise<number | undefined>;
  /** Gives it up when it was not placed. */
  readonly cancel: () => void;
}

/** What an act has at hand while it is done. */
export interface Performing {
  readonly api: Api;
  readonly io: Io;
  readonly subject: Subject;
  /** Undefined where no collector is on the node. */
  readonly node: NodeSide | undefined;
  /** Limits the act itself: once begun it is finished, whatever the user does. */
  readonly signal: AbortSignal;
  /** Aborted when the user interrupts: what is only waited for, because it takes effect late, ends then. */
  readonly stop: AbortSignal;
  /** Says what stands from now on, in words, for a user who interrupts. */
  readonly stands: (what: string) => void;
}

/** What an act has at hand while the server validates it without doing it. */
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

/** What an act has at hand while it is taken back. */
export interface Undoing {
  readonly api: Api;
  readonly io: Io;
  readonly pod: RecordedPod;
  /** What was ticked off when the act was done, such as `done 2026-11-22T04:15:00.000Z`. */
  readonly tick: string | undefined;
  /** True when the pod goes back to its owner and its Services, instead of staying detached. */
  readonly giveBack: boolean;
  /** Runs something with a collector on a node. */
  readonly onNode: <T>(node: string, use: (collector: Collector) => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

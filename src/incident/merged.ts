import type { TimelineEvent } from './event.ts';

/** One item of an acquisition that tells of an event. */
export interface Evidence {
  readonly acquisition: string;
  /** Number and escaped name of the item; custody and what is joined of many items has none. */
  readonly item?: number;
  readonly name?: string;
}

/** An event with all that tell of it. */
export interface Merged {
  readonly event: TimelineEvent;
  /** The first of them. */
  readonly evidence: readonly Evidence[];
  /** How many items there are. */
  readonly seen: number;
  /** How often it happened: the same line may stand several times in one log. */
  readonly count: number;
}

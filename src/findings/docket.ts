import type { Need } from './need.ts';
import type { NodeTraces } from './traces.ts';

/** An item that is not whole: its name and why. */
export interface BookGap {
  readonly name: string;
  readonly why: string;
  /** Nobody knows what it was: it may be of any kind. */
  readonly any?: true;
}

/** What is judged: a node's traces, and what of them is missing. */
export interface Docket {
  readonly traces: NodeTraces;
  readonly gaps: readonly BookGap[];
  has(need: Need): boolean;
  /** Why it has not. */
  lackOf(need: Need): Lack;
}

/** Evidence that nobody asked for, that this node has none of by its make, or that was asked for and is not there. */
export type Lack = 'not-asked' | 'none' | 'missing';

import type { Excerpt } from '../excerpt.ts';

/** `RELEASED`: it was isolated and is not any more; `NOT ISOLATED`: the case tells of no isolation. */
export type Contained = 'HOLDS' | 'LEAKS' | 'UNVERIFIED' | 'RELEASED' | 'NOT ISOLATED';

export interface CheckFacts {
  readonly flow: string;
  readonly direction?: string;
  readonly before: string;
  readonly after: string;
  readonly judged: boolean;
  readonly bytes?: number;
  /** Kept open on purpose: the kubelet's way to a probe. */
  readonly probe?: boolean;
}

/** The last isolation of a pod. */
export interface IsolationFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly verdict: 'HOLDS' | 'LEAKS' | 'UNVERIFIED';
  /** RFC 3339: when the command began to act, and when the verdict was reached; the custody line of the verdict. */
  readonly planned?: string;
  readonly time: string;
  readonly line: number;
  readonly level: string;
  readonly actions: readonly {
    readonly kind: string;
    readonly outcome: string;
    readonly detail: string;
    readonly seconds?: number;
  }[];
  /** Seconds from the command. */
  readonly cut?: number;
  readonly verdictAfter?: number;
  readonly watched?: number;
  readonly checks: Excerpt<CheckFacts>;
  readonly blocked: number;
  readonly judged: number;
  readonly reasons: readonly string[];
  readonly notTried: readonly string[];
  readonly leaks: readonly {
    readonly flow: string;
    readonly seen: string;
    readonly why: string;
    readonly advice: string;
  }[];
  readonly released?: { readonly time: string; readonly result: string };
}

import type { Excerpt } from '../excerpt.ts';

/** What an account of a workload may do, where a snapshot of its pod is in the case. */
export interface Identity {
  readonly account: string;
  readonly pod: string;
  readonly bindings: readonly { readonly binding: string; readonly role: string }[];
  readonly rules: Excerpt<string>;
}

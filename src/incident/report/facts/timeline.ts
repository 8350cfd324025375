import type { Excerpt } from '../excerpt.ts';

export interface Moment {
  readonly time: string;
  readonly source: string;
  readonly where: string;
  readonly message: string;
}

export interface TimelinePart {
  readonly failed?: string;
  /** What is about the workloads, in order. */
  readonly moments: Excerpt<Moment>;
  /** Events of the whole case from `from` on, counted in columns of `seconds` each, by their source. */
  readonly from?: string;
  readonly seconds: number;
  readonly columns: number;
  readonly counts: readonly { readonly source: string; readonly counts: readonly number[] }[];
  readonly clocks: readonly { readonly node: string; readonly sentence: string }[];
}

import type { SpecMount } from '../artifacts/container-spec.ts';
import type { Layers } from './overlay.ts';
import type { Blind } from './pod-diff.ts';

/** A container as its runtime's own records on the node have it, running or not. */
export interface StoredContainer {
  readonly id: string;
  readonly runtime: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Storage driver: `overlay`, `native`, … */
  readonly driver: string;
  /** Where its layers lie, or why that can't be known or read. */
  readonly layers: Layers | Blind;
  readonly mounts: readonly SpecMount[];
  /** Nanoseconds since the epoch; undefined when it is not recorded. */
  readonly started: bigint | undefined;
}

/** What a store has of the containers that were asked for. */
export interface StoreAnswer {
  readonly containers: readonly StoredContainer[];
  /** Why its records could not be read, if they are there and could not. */
  readonly trouble: readonly string[];
}

/** True for a reason in place of a result. */
export function isBlind(value: object): value is Blind {
  return 'what' in value && 'why' in value;
}

/** RFC 3339 to nanoseconds since the epoch; undefined for anything else. */
export function timeOf(text: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  const [, seconds = '', fraction = '', zone = ''] = match ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  return match === null || Number.isNaN(milliseconds)
    ? undefined
    : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

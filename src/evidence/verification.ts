/** Something that is not as it should be. */
export interface Problem {
  /** File in the case or archive, or the thing that is wrong. */
  readonly where: string;
  readonly what: string;
}

/** One thing that was looked at. */
export interface Check {
  readonly check: string;
  readonly result: 'ok' | 'failed' | 'absent';
  readonly detail: string;
}

/**
 * CONSISTENT: nothing was altered since the seal, though whoever held it could have rebuilt it; UNSEALED: no bag yet,
 * and what can be checked without one is right; BROKEN: something is changed, missing, extra, or cannot be read.
 */
export type Verdict = 'CONSISTENT' | 'UNSEALED' | 'BROKEN';

/** Answer of `verify`. */
export interface Verification {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Verification';
  readonly path: string;
  readonly type: 'case' | 'bag';
  readonly name: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  /** The first hundred, in the order in which they were found; `problemCount` counts all. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

const maxProblems = 100;

/** Collects problems; memory stays bounded however many there are. */
export class Problems {
  readonly #kept: Problem[] = [];
  #count = 0;

  add(where: string, what: string): void {
    this.#count += 1;
    if (this.#kept.length < maxProblems) this.#kept.push({ where, what });
  }

  get count(): number {
    return this.#count;
  }

  get kept(): readonly Problem[] {
    return this.#kept;
  }
}

import type { Standing } from './signature/allowed-signers.ts';

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

/** A signature over the statement that is mathematically right. */
export interface CheckedSignature {
  readonly file: string;
  /** Such as `ed25519`. */
  readonly keyType: string;
  /** `SHA256:…` of the key. */
  readonly fingerprint: string;
  /** `unjudged`: no signers were given to compare with. */
  readonly standing: Standing['standing'] | 'unjudged';
  /** Principals of the key, where the signers name it. */
  readonly signer?: string;
  /** One sentence. */
  readonly detail: string;
}

/**
 * AUTHENTIC: nothing was altered since one of the given signers signed it; CONSISTENT: nothing was altered since the seal, though whoever held it could have rebuilt it; UNSEALED: no bag yet,
 * and what can be checked without one is right; BROKEN: something is changed, missing, extra, or cannot be read.
 */
export type Verdict = 'AUTHENTIC' | 'CONSISTENT' | 'UNSEALED' | 'BROKEN';

/** Answer of `verify`. */
export interface Verification {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Verification';
  readonly path: string;
  readonly type: 'case' | 'bag';
  readonly name: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  /** Signatures over this seal that are right, whoever made them. */
  readonly signatures: readonly CheckedSignature[];
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

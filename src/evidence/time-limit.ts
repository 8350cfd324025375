import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

/** A signal that is aborted when the caller's is, or when the time is over, and can tell which. */
export class TimeLimit {
  readonly signal: AbortSignal;
  readonly #outer: AbortSignal;
  readonly #over = new AbortController();
  readonly #stop = new AbortController();

  /** `ms` undefined: no limit. The clock runs from now until `clear`. */
  constructor(io: Io, ms: number | undefined, outer: AbortSignal) {
    this.#outer = outer;
    this.signal = AbortSignal.any([outer, this.#over.signal]);
    if (ms === undefined) return;
    io.sleep(ms, this.#stop.signal).then(
      () => {
        this.#over.abort(new OperationError(`not finished within ${ms / 1000} s`));
      },
      () => undefined,
    );
  }

  /** Why the time is over; undefined while it is not. */
  get reason(): string | undefined {
    const reason: unknown = this.#over.signal.reason;
    return reason instanceof OperationError ? reason.message : undefined;
  }

  /** Throws the caller's reason when it was the caller who aborted. */
  throwIfInterrupted(): void {
    this.#outer.throwIfAborted();
  }

  clear(): void {
    this.#stop.abort();
  }
}

import type { Io } from '../output/io.ts';

/** In vain: two calls that the API server gives up after half a minute each, so that one slow endpoint closes nothing. */
const mostVainMs = 45_000;

/**
 * How long a kubelet was waited for in vain, through the API server, since it last answered. A node that is down would cost
 * half a minute for each log of each container; one that refuses at once costs nothing, and is asked on.
 */
export class KubeletWait {
  readonly #io: Io;
  #vainMs = 0;
  #last = '';

  constructor(io: Io) {
    this.#io = io;
  }

  /** Why it is not to be asked any more, a sentence; undefined while it is. */
  get over(): string | undefined {
    if (this.#vainMs < mostVainMs) return undefined;
    return `not asked: the kubelet was waited for ${Math.round(this.#vainMs / 1000)} s in vain; ${this.#last}`;
  }

  /** Asks something of it. `why` says of a failure what it was. */
  async ask<T>(question: () => Promise<T>, why: (error: unknown) => string): Promise<T> {
    const asked = this.#io.monotonic();
    try {
      const answer = await question();
      this.#vainMs = 0;
      return answer;
    } catch (error) {
      this.#vainMs += this.#io.monotonic() - asked;
      this.#last = why(error);
      throw error;
    }
  }
}

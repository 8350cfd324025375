/** One at a time, in the order of asking. */
export class Turn {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn; the returned function ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let done = (): void => undefined;
    const ended = new Promise<void>((resolve) => (done = resolve));
    this.#last = before.then(() => ended);
    await before;
    return done;
  }

  /** Does `work` in a turn. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const done = await this.take();
    try {
      return await work();
    } finally {
      done();
    }
  }
}

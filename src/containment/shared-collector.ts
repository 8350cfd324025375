import type { Collector } from '../collector/collector.ts';

/** Starts something on a node, a collector if nothing else is said, lends it, and removes it when what it was lent for is over. */
export type OnNode<L = Collector> = <T>(node: string, use: (lent: L) => Promise<T>) => Promise<T>;

/** One collector, with or without what goes with it, for several pieces of work on one node: the first starts it, `close` removes it. */
export class SharedCollector<L = Collector> {
  readonly #onNode: OnNode<L>;
  #lent: Promise<L> | undefined;
  readonly #over: Promise<void>;
  #close: () => void = () => undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(onNode: OnNode<L>) {
    this.#onNode = onNode;
    this.#over = new Promise((resolve) => (this.#close = resolve));
  }

  /** Throws what starting it threw, every time. */
  async lend<T>(node: string, use: (lent: L) => Promise<T>): Promise<T> {
    this.#lent ??= this.#start(node);
    return use(await this.#lent);
  }

  /** Removes it; throws what that throws. Fine when none was started or it could not be. */
  async close(): Promise<void> {
    this.#close();
    const started = await this.#lent?.then(
      () => true,
      () => false,
    );
    if (started === true) await this.#ended;
  }

  #start(node: string): Promise<L> {
    return new Promise((resolve, reject) => {
      this.#ended = this.#onNode(node, (lent) => {
        resolve(lent);
        return this.#over;
      });
      this.#ended.catch(reject);
    });
  }
}

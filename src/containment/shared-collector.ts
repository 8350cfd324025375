import type { Collector } from '../collector/collector.ts';

/** Starts a collector on a node, lends it, and removes it when what it was lent for is over. */
export type OnNode = <T>(node: string, use: (collector: Collector) => Promise<T>) => Promise<T>;

/** One collector for several pieces of work on one node: the first starts it, `close` removes it. */
export class SharedCollector {
  readonly #onNode: OnNode;
  #collector: Promise<Collector> | undefined;
  readonly #over: Promise<void>;
  #close: () => void = () => undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(onNode: OnNode) {
    this.#onNode = onNode;
    this.#over = new Promise((resolve) => (this.#close = resolve));
  }

  /** Throws what starting it threw, every time. */
  async lend<T>(node: string, use: (collector: Collector) => Promise<T>): Promise<T> {
    this.#collector ??= this.#start(node);
    return use(await this.#collector);
  }

  /** Removes it; throws what that throws. Fine when none was started or it could not be. */
  async close(): Promise<void> {
    this.#close();
    const started = await this.#collector?.then(
      () => true,
      () => false,
    );
    if (started === true) await this.#ended;
  }

  #start(node: string): Promise<Collector> {
    return new Promise((resolve, reject) => {
      this.#ended = this.#onNode(node, (collector) => {
        resolve(collector);
        return this.#over;
      });
      this.#ended.catch(reject);
    });
  }
}

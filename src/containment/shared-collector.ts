import type { Collector } from '../collector/collector.ts';
import type { CameTo } from '../collector/lent.ts';
import { PartialError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import { warnOf } from '../output/warn.ts';

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

/**
 * Lends one collector to all that `use` does on a node. When the work was done and only the removal failed, its result is kept and
 * the failure is in `left`; when the work failed too, the removal is told and the work's failure thrown.
 */
export async function withSharedCollector<T, L = Collector>(
  onNode: OnNode<L>,
  progress: Progress,
  use: (shared: SharedCollector<L>) => Promise<T>,
): Promise<CameTo<T>> {
  const shared = new SharedCollector(onNode);
  let result: T;
  try {
    result = await use(shared);
  } catch (error) {
    await warnOf(await leftOf(shared), progress);
    throw error;
  }
  const left = await leftOf(shared);
  return { result, ...(left === undefined ? {} : { left }) };
}

/** Removes it; what is left of it, if that failed. */
async function leftOf(shared: { close(): Promise<void> }): Promise<PartialError | undefined> {
  try {
    await shared.close();
    return undefined;
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    return error;
  }
}

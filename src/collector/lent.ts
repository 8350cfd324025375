import { PartialError } from '../output/errors.ts';

/** Lends something for as long as `use` takes, and takes it back. */
export type Lend<L> = <T>(use: (lent: L) => Promise<T>) => Promise<T>;

/** What work with something lent came to. */
export interface CameTo<T> {
  readonly result: T;
  /** What of the lent is still there, when that is all that went wrong. */
  readonly left?: PartialError;
}

/**
 * Works with something lent. When the work was done and only taking the lent back failed, its result is kept and the failure is in
 * `left`. Throws what lending and the work throw.
 */
export async function workWith<L, T>(lend: Lend<L>, use: (lent: L) => Promise<T>): Promise<CameTo<T>> {
  const done: CameTo<T>[] = [];
  try {
    const result = await lend(async (lent) => {
      const result = await use(lent);
      done.push({ result });
      return result;
    });
    return { result };
  } catch (error) {
    const [came] = done;
    if (came === undefined || !(error instanceof PartialError)) throw error;
    return { ...came, left: error };
  }
}

/** One row of the table of figures. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  /** The public tool that does the same, its figure, and ours divided by it. */
  readonly tool?: string;
  readonly theirs?: string;
  readonly ratio?: string;
}

/** The middle value; of an even count the lower one. Throws when there is none. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (middle === undefined) throw new Error('median of nothing');
  return middle;
}

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

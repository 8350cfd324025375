const mebibyte = 1024 * 1024;
/** S3 allows parts from 5 MiB on, and 10,000 of them; some are left for what a guess may be wrong by. */
const smallest = 8 * mebibyte;
const mostParts = 9_500;
/** What all parts in memory may take, unless one alone is larger. */
const memory = 48 * mebibyte;
const mostLanes = 4;

/** How an upload of at most `most` bytes is cut. */
export interface PartPlan {
  readonly partSize: number;
  /** Parts in memory, but one: that may be filled while the others are under way. */
  readonly lanes: number;
}

/** The cut that follows from the largest size alone, so that an upload that goes on is cut as it was. */
export function planParts(most: number): PartPlan {
  const partSize = Math.max(smallest, Math.ceil(most / mostParts / mebibyte) * mebibyte);
  return { partSize, lanes: lanesFor(partSize) };
}

/** Parts of this size that are under way at once. */
export function lanesFor(partSize: number): number {
  return Math.min(mostLanes, Math.max(1, Math.floor(memory / partSize) - 1));
}

/** How a cluster is started and ended; each is true when that worked. */
export interface Lender {
  readonly start: () => Promise<boolean>;
  readonly end: () => Promise<boolean>;
}

/**
 * Lends a cluster and ends it whatever happens, also what was left of a start that failed or was interrupted: what runs
 * in it does not end with us. `result` is missing when it did not start.
 */
export async function lendCluster<T>(
  { start, end }: Lender,
  use: () => Promise<T>,
): Promise<{ readonly result?: T; readonly ended: boolean }> {
  let result: { result?: T };
  try {
    result = (await start()) ? { result: await use() } : {};
  } catch (error) {
    await end();
    throw error;
  }
  return { ...result, ended: await end() };
}

/**
 * Does `work` for each item, at most `atOnce` at the same time. Resolves to the results, in the order of the items. After an error
 * no more items are begun, and it is thrown when those under way have ended.
 */
export async function bounded<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
  return results;
}

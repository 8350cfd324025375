import type { Change, ChangeKind, Changes } from './pod-diff.ts';

/** Changes in memory, in the order given; for few of them. */
export function changesOf(list: readonly Change[]): Changes {
  const counts: Partial<Record<ChangeKind, number>> = {};
  for (const change of list) if (!isRuntime(change)) counts[change.change] = (counts[change.change] ?? 0) + 1;
  return {
    counts,
    runtime: list.filter(isRuntime).length,
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      yield* list;
    },
  };
}

/** How many changes there are that the runtime did not make. */
export function ownChanges({ counts }: Pick<Changes, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** True for what the runtime made and not the container. */
export function isRuntime(change: Change): boolean {
  return change.flags.includes('runtime');
}

/** When a change happened at the latest: RFC 3339, or empty when no time is known. */
export function timeOf(change: Change): string {
  return change.ctime ?? change.notAfter ?? '';
}

/** The raw path, one byte per character. */
export function rawPath({ path, pathBytes }: Pick<Change, 'path' | 'pathBytes'>): string {
  return pathBytes === undefined
    ? Buffer.from(path, 'utf8').toString('latin1')
    : Buffer.from(pathBytes, 'base64').toString('latin1');
}

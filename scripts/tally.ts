/** Counts of checks: a lint or a build counts as one, a test run by its tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Sum of two tallies. */
export function plus(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The last line of every run. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}

/**
 * What a test run counts as: its own counts when it wrote them, and one failure more when the process failed
 * although no test did, or wrote nothing.
 */
export function tallyOf(exitCode: number, counts: string | undefined): Tally {
  const parsed = counts === undefined ? undefined : parseCounts(counts);
  const tally = parsed ?? nothing;
  const unexplained = parsed === undefined || (exitCode !== 0 && tally.failed === 0);
  return unexplained ? plus(tally, { ...nothing, failed: 1 }) : tally;
}

function parseCounts(text: string): Tally | undefined {
  const [passed, failed, skipped] = text.trim().split(' ').map(Number);
  const valid = [passed, failed, skipped].every((count) => Number.isInteger(count));
  return valid ? { passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0 } : undefined;
}

/** Counts of checks: a lint or a build counts as one, a test run by its tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a test run writes down of itself. */
export interface Counts extends Tally {
  /** How many tests were skipped for which reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

/** What a check counts as that is no test run. */
export function one(passed: boolean): Tally {
  return { ...nothing, [passed ? 'passed' : 'failed']: 1 };
}

/** Sum of two tallies. */
export function plus(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The last line of every run. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}

/** One line for each reason for which tests were skipped. */
export function skipLines({ reasons }: Counts): string[] {
  return Object.entries(reasons).map(([reason, count]) => `skipped ${count}: ${reason}`);
}

/** Reads what a test run wrote; undefined when it wrote nothing, half, or something else. */
export function parseCounts(text: string): Counts | undefined {
  try {
    const { passed, failed, skipped, reasons } = JSON.parse(text) as Partial<Counts>;
    if (passed === undefined || failed === undefined || skipped === undefined) return undefined;
    return { passed, failed, skipped, reasons: reasons ?? {} };
  } catch {
    return undefined;
  }
}

/**
 * What a test run counts as: its own counts when it wrote them, and one failure more when the process failed
 * although no test did, or wrote nothing.
 */
export function tallyOf(exitCode: number, counts: Counts | undefined): Tally {
  const tally = counts ?? nothing;
  const unexplained = counts === undefined || (exitCode !== 0 && tally.failed === 0);
  return plus(tally, { ...nothing, failed: unexplained ? 1 : 0 });
}

import { lacking, type Requirement } from './offer.ts';

/** Why tests were skipped, by the test or the suite that was. */
const reasons = new WeakMap<object, string>();

/**
 * Skips a suite (called first in its callback) or a test when the cluster lacks something that it needs; the run prints the
 * reason. Nothing else skips a test.
 */
export function requires(what: Mocha.Suite | Mocha.Context, ...requirements: readonly Requirement[]): void {
  const missing = lacking(requirements);
  if (missing === undefined) return;
  if ('runnable' in what) {
    reasons.set(what.runnable(), `needs ${missing}`);
    what.skip();
  }
  reasons.set(what, `needs ${missing}`);
  what.pending = true;
}

/** The reason for which a test was skipped, itself or with its suite. */
export function skipReason(test: Mocha.Test): string {
  const own = reasons.get(test);
  if (own !== undefined) return own;
  for (let suite = test.parent; suite !== undefined; suite = suite.parent) {
    const reason = reasons.get(suite);
    if (reason !== undefined) return reason;
  }
  return 'no reason was given';
}

import type { Io } from '../output/io.ts';
import type { Acting } from './acting.ts';
import type { IsolateOptions } from './begin.ts';
import type { Isolation } from './isolation.ts';
import { afterSeconds, type Proof, type Proven, type Standing } from './proof.ts';

/** Time between two proofs of an isolation that is watched. */
const watchMs = 5_000;

export interface Watched {
  /** With the first verdict. */
  readonly isolation: Isolation;
  readonly standing: Standing;
  readonly options: IsolateOptions;
}

/**
 * Proves an isolation again and again, and reports the first verdict and each one that differs from the last. Ends by throwing,
 * when it is interrupted or the isolation can no longer be proved.
 */
export async function watch(
  io: Io,
  acting: Acting,
  proof: Proof,
  { isolation: first, standing, options }: Watched,
): Promise<never> {
  await options.watch?.(first);
  for (let last = first; ;) {
    await io.sleep(watchMs, options.signal);
    const proven = await proof.judge(standing, options.signal);
    await acting.keep(proven.verdict);
    const now = judged(last, proven, io.monotonic() - options.started);
    if (outcomeOf(now) !== outcomeOf(last)) {
      await acting.custody(proven.verdict, { isolation: now });
      await options.watch?.(now);
    }
    last = now;
  }
}

/** The same isolation with another judgement. */
function judged(isolation: Isolation, proven: Proven, milliseconds: number): Isolation {
  const { verdict, checks, reasons, gaps, leaks } = proven;
  return {
    ...isolation,
    clock: { ...isolation.clock, verdict: Math.round(milliseconds) / 1000 },
    verification: { verdict, seconds: afterSeconds, checks, reasons, gaps },
    leaks,
  };
}

/** What a watcher wants to be told of when it changes. */
function outcomeOf({ verification: { verdict }, leaks }: Isolation): string {
  return `${verdict} ${leaks.some((one) => one.passed)}`;
}

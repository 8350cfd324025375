import { expect } from 'chai';
import { amountOf } from '../../support/amounts.ts';
import { measured } from '../../support/figures.ts';
import type { Outcome } from '../../cluster/run.ts';
import { interrupted } from './interrupted.ts';
import { kubectlIr } from './world.ts';

/** Interrupts per command, each at a random moment of its own part of the time that the whole command takes. */
export const moments = amountOf('interrupts');
/** The same of commands on several pods or nodes, and of what only ends with an interrupt: each takes its time. */
export const fewMoments = amountOf('fewInterrupts');
/** Time for the tests of a command. */
export const momentsTimeoutMs = 60_000 + moments * 30_000;

/** One run of a command that may be interrupted. */
export interface Trial {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes of a run that nobody interrupts, where they are others than done, changes and partial. */
  readonly ends?: readonly number[];
  /** The command is interrupted within this time, where all of it would be mostly waiting. */
  readonly withinMs?: number;
  /** Throws when something is left that may not be; `said` tells of the moment. */
  readonly check: (outcome: Outcome, said: string) => Promise<void>;
}

/**
 * Runs what `prepare` makes once whole and then `times` times with a SIGINT at a random moment, each made anew and
 * checked afterwards. Several lanes share the moments and run at the same time; each has a whole run of its own first.
 * Gives the milliseconds of the longest whole run.
 */
export async function interruptAtRandom<Lane>(
  name: string,
  lanes: readonly Lane[],
  prepare: (lane: Lane) => Promise<Trial> | Trial,
  times = moments,
): Promise<number> {
  let left = times;
  let longest = 0;
  const runLane = async (lane: Lane): Promise<void> => {
    const first = await prepare(lane);
    const began = performance.now();
    const whole = await kubectlIr(first.words, first.env);
    const ms = performance.now() - began;
    longest = Math.max(longest, ms);
    expect(whole.code, whole.stderr).to.be.oneOf([...(first.ends ?? [0, 1, 3])]);
    await first.check(whole, whole.stderr);
    // On a busy machine one run may be partial and another complete; a diff that found changes then ends with 1.
    const complete = first.words[0] === 'diff' ? [0, 1] : [0];
    const ends = whole.code === 3 ? [...complete, 3] : [whole.code];
    while (left > 0) {
      left -= 1;
      const part = left;
      const trial = await prepare(lane);
      await interruptOnce(
        { ...trial, ends },
        ((part + Math.random()) / times) * Math.min(ms, trial.withinMs ?? ms),
      );
    }
  };
  for (const lane of await Promise.allSettled(lanes.map(runLane)))
    if (lane.status === 'rejected') throw lane.reason;
  await measuredInterrupts(name, times);
  return longest;
}

/** Runs a trial with a SIGINT so long after its start, or after its stderr first holds `text`, and checks what is left. */
export async function interruptOnce(
  { words, env, ends = [0, 1, 3], check }: Trial,
  afterMs: number,
  text?: string,
): Promise<void> {
  const outcome = await interrupted(words, {
    afterMs,
    ...(text === undefined ? {} : { text }),
    ...(env === undefined ? {} : { env }),
  });
  const said = `SIGINT after ${afterMs.toFixed(0)} ms: ${outcome.stderr}`;
  expect(outcome.code, said).to.be.oneOf([...ends, 130]);
  await check(outcome, said);
}

/** Keeps how many interrupts were tried for the table at the end of the run. */
export function measuredInterrupts(name: string, times: number): Promise<void> {
  return measured(`${name}: SIGINTs at random moments that left only what may stay`, `${times} of ${times}`);
}

import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import type { StartingPods } from '../collector/probe-pods.ts';
import { actMs, type Acting, type ActingOptions } from './acting.ts';
import type { Isolation } from './isolation.ts';
import { continueRecord, writeRecord } from './ledger.ts';
import type { IsolationPlan } from './plan.ts';
import { recordOf } from './record.ts';
import { continued, reopened } from './unfinished.ts';

export interface IsolateOptions extends ActingOptions {
  /** `io.monotonic()` when the command was given. */
  readonly started: number;
  readonly caseName?: string;
  /** Why the pod is cut although more than its own traffic will stop. Goes on record. */
  readonly evenIf?: string;
  /** Pods from which and to which connections are tried, as soon as they run. */
  readonly pods?: StartingPods;
  /** Gets the verdict as soon as it is reached, before what only the proof needed is removed. Not called with `watch`. */
  readonly reached?: (isolation: Isolation) => Promise<void>;
  /** When given, the isolation is proved again until interrupted; gets the first verdict and each one that differs from the last. */
  readonly watch?: (isolation: Isolation) => Promise<void>;
}

/**
 * Writes down, before the first act, what will be done, in the case and in the cluster. The record of an unfinished isolation is
 * continued. Throws OperationError when another command isolates the pod at the same time.
 */
export async function begin(
  api: Api,
  io: Io,
  plan: IsolationPlan,
  acting: Acting,
  options: IsolateOptions,
): Promise<void> {
  const fresh = recordOf(plan, {
    created: io.now(),
    ...(options.caseName === undefined ? {} : { case: options.caseName }),
  });
  const { unfinished } = plan;
  const record = unfinished === undefined ? fresh : continued(unfinished.record, fresh);
  await acting.custody('planned', {
    record,
    sha256: createHash('sha256').update(JSON.stringify(record)).digest('hex'),
    ...(plan.stops.length === 0 ? {} : { stops: plan.stops, evenIf: options.evenIf ?? '' }),
  });
  const signal = within(actMs, 'the record of the isolation is not written');
  if (unfinished === undefined) return writeRecord(api, record, acting.record, signal, options.where);
  const kinds = plan.actions.map(({ kind }) => kind);
  const found = { ...unfinished, ticks: reopened(unfinished, kinds, io.now()) };
  await continueRecord(api, record, found, acting.record, signal, options.where);
}

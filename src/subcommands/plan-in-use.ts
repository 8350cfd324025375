import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findPlan, loadPlan, usablePlan } from '../incident/plan/plan-file.ts';
import type { Plan } from '../incident/plan/plan.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { createProgress } from '../output/progress.ts';

/** A plan that a command goes by. */
export interface PlanInUse {
  readonly plan: Plan;
  readonly path: string;
  /** sha256 of its text, in hex. */
  readonly digest: string;
}

/** The plan of this organisation. Throws OperationError when there is none or nothing of it can be used; says when a part cannot. */
export async function requirePlan(io: Io, given: string | undefined): Promise<PlanInUse> {
  const path = await findPlan(io, given, resolve('.'));
  const before = await digestOf(path);
  const reading = await loadPlan(io, path, resolve('.'));
  const plan = usablePlan(reading);
  const digest = await digestOf(path);
  if (before !== digest)
    throw new OperationError(`the plan ${path} changed while it was read`, {
      advice: 'run the command again',
    });
  const errors = reading.problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0)
    await createProgress(io).warn(
      `entries of the plan ${path} that cannot be used: ${errors}; see: kubectl ir plan check`,
    );
  return { plan, path, digest: digest ?? '' };
}

/**
 * The same for a command that goes on without a plan: undefined when there is none. One that was not named and is of no use
 * is told and left alone, since nobody mends it in the night.
 */
export async function planIfAny(io: Io, given: string | undefined): Promise<PlanInUse | undefined> {
  const named = given ?? io.env['KUBECTL_IR_PLAN'] ?? '';
  try {
    return await requirePlan(io, given);
  } catch (error) {
    if (named !== '' || !(error instanceof OperationError)) throw error;
    const there = await findPlan(io, given, resolve('.')).catch(() => undefined);
    if (there !== undefined)
      await createProgress(io).warn(`nothing is checked against the plan: ${error.message}`);
    return undefined;
  }
}

async function digestOf(path: string): Promise<string | undefined> {
  const text = await readFile(path).catch(() => undefined);
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
}

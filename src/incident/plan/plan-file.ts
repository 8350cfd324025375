import { access, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { quotedWord } from '../../output/shell-word.ts';
import type { PlanReading } from './read-plan.ts';
import type { Plan } from './plan.ts';
import { largestText } from './text-limit.ts';

/** Name of the file that is looked for. */
export const planFileName = 'ir-plan.yaml';

const makeOne = 'kubectl ir plan init makes one; another file is named by --plan FILE or $KUBECTL_IR_PLAN';

/**
 * The plan that a command works with: the file it was given, else `$KUBECTL_IR_PLAN`, else `ir-plan.yaml` in the directory
 * or the nearest above it, up to the root of the git work tree. Throws OperationError when there is none.
 */
export async function findPlan(io: Io, given: string | undefined, directory: string): Promise<string> {
  const named = given ?? io.env['KUBECTL_IR_PLAN'];
  if (named !== undefined && named !== '') return resolve(directory, named);
  let at = resolve(directory);
  for (;;) {
    const file = join(at, planFileName);
    if (await exists(file)) return file;
    const up = dirname(at);
    if (up === at || (await exists(join(at, '.git')))) break;
    at = up;
  }
  throw new OperationError(`there is no ${planFileName} in ${resolve(directory)} or above it`, {
    advice: makeOne,
  });
}

/** Finds and reads the plan. Throws OperationError when there is none or it cannot be read; what its text says is in the reading. */
export async function loadPlan(io: Io, given: string | undefined, directory: string): Promise<PlanReading> {
  return readPlanFile(await findPlan(io, given, directory));
}

/** Reads the plan at a path. Throws OperationError when it is no file that can be read; what its text says is in the reading. */
export async function readPlanFile(path: string): Promise<PlanReading> {
  return read(await readText(path), path);
}

/** A plan that is to be used and not mended. */
export interface PlanInHand {
  readonly plan: Plan;
  readonly path: string;
  /** Errors in its text; what has one is not in the plan. */
  readonly errors: number;
}

/** Finds the plan and takes what can be used of it, fast where nothing is wrong with it. Throws OperationError as the others do. */
export async function takePlan(io: Io, given: string | undefined, directory: string): Promise<PlanInHand> {
  const path = await findPlan(io, given, directory);
  const text = await readText(path);
  const { soundPlan } = await import('./sound-plan.ts');
  const sound = soundPlan(text);
  if (sound !== undefined) return { plan: sound, path, errors: 0 };
  const reading = await read(text, path);
  const errors = reading.problems.filter(({ severity }) => severity === 'error').length;
  return { plan: usablePlan(reading), path, errors };
}

/** The reader that knows lines is loaded on use only, as it takes half as long as a whole command may. */
async function read(text: string, path: string): Promise<PlanReading> {
  const { readPlan } = await import('./read-plan.ts');
  return readPlan(text, path);
}

/** The plan of a reading. Throws OperationError, with the first problem, when nothing of it can be used. */
export function usablePlan({ plan, path, problems }: PlanReading): Plan {
  if (plan !== undefined) return plan;
  const [first] = problems;
  throw new OperationError(`${path}:${first?.line ?? 1}: ${first?.message ?? 'no plan'}`, {
    advice: `all that is wrong is listed by: kubectl ir plan check ${quotedWord(path)}`,
  });
}

/** At most one byte more than may be read, so that the reader refuses a larger file. */
async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(largestText + 1), 0, largestText + 1, 0);
      return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new OperationError(
      `reading the plan ${path}: ${missing ? 'there is no such file' : reason(error)}`,
      {
        cause: error,
        ...(missing ? { advice: makeOne } : {}),
      },
    );
  }
}

function reason(error: unknown): string {
  return error instanceof TypeError
    ? 'it is not UTF-8 text'
    : error instanceof Error
      ? error.message
      : String(error);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

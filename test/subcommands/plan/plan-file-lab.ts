import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { Plan } from '../../../src/incident/plan/plan.ts';
import { planOf } from '../../incident/plan/duty-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';

/** Runs a test with the path of a plan and a directory for cases. */
export function withPlan(
  plan: Partial<Plan>,
  test: (path: string, dir: string) => Promise<void>,
): Promise<void> {
  return inSandbox(async (dir) => {
    const path = join(dir, 'ir-plan.yaml');
    await writeFile(path, dump(JSON.parse(JSON.stringify(planOf(plan)))));
    await test(path, dir);
  });
}

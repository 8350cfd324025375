import { isDeepStrictEqual } from 'node:util';
import { planSchema } from '../../src/incident/plan/plan-schema.ts';
import type { Finding } from './finding.ts';

/** schema/plan.json as the reader of plans has it, laid out as all files here. */
export async function renderPlanSchema(): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  const options = await resolveConfig(new URL('../../schema/plan.json', import.meta.url));
  return format(JSON.stringify(planSchema()), { ...options, parser: 'json' });
}

/** Whether schema/plan.json says what the reader goes by. */
export function planSchemaFindings(found: string): Finding[] {
  let value: unknown;
  try {
    value = JSON.parse(found);
  } catch {
    value = undefined;
  }
  if (isDeepStrictEqual(value, JSON.parse(JSON.stringify(planSchema())))) return [];
  const text = 'differs from the reader; mend with: node_modules/.bin/node scripts/house-rules.ts --write';
  return [{ path: 'schema/plan.json', line: 1, rule: 'plan-schema', text }];
}

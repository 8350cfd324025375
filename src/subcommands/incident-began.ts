import { readCourse } from '../incident/case-course.ts';

/**
 * When the incident of a case began, or else when somebody noticed it, as custody has it: nanoseconds since the epoch.
 * Undefined while nobody has said so.
 */
export async function incidentBegan(dir: string): Promise<bigint | undefined> {
  const { began, detected } = (await readCourse(dir)).course.facts;
  const milliseconds = Date.parse(began ?? detected ?? '');
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n;
}

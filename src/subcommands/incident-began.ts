import type { CustodyLine } from '../evidence/custody-line.ts';
import { readCustody } from '../evidence/custody-log.ts';
import { courseOf } from '../incident/course-of.ts';

/**
 * When the incident of a case began, or else when somebody noticed it, as custody has it: nanoseconds since the epoch.
 * Undefined while nobody has said so.
 */
export async function incidentBegan(dir: string): Promise<bigint | undefined> {
  const lines: CustodyLine[] = [];
  await readCustody(dir, (line) => lines.push(line));
  const { began, detected } = courseOf(lines).facts;
  const milliseconds = Date.parse(began ?? detected ?? '');
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n;
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Case } from './case.ts';
import { onDisk, writeDurable } from './durable-file.ts';
import { layout } from './layout.ts';

/**
 * Writes what was found into the case, one object a line, in place of what was found before; custody has the file's digest
 * and `counts` before and after. The file follows from the evidence and can be made again.
 */
export async function keepFindings(
  opened: Case,
  findings: readonly object[],
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  const text = findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const act = { action: 'judge', object: layout.findings, details: { ...counts, sha256 } };
  await opened.custody.append({ ...act, result: 'started' });
  await onDisk('keep the findings in the case', () => writeDurable(join(opened.dir, layout.findings), text));
  await opened.custody.append({ ...act, result: 'done' });
}

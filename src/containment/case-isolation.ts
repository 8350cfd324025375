import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { jsonObject, objectOf } from '../artifacts/json.ts';
import { readCaseRecord } from '../evidence/case.ts';
import { layout } from '../evidence/layout.ts';
import { linesOf } from '../evidence/lines.ts';
import { OperationError } from '../output/errors.ts';
import { isUid } from './names.ts';

/** What a case says about the last isolation of one pod in it. */
export interface CaseIsolation {
  readonly uid: string;
  /** sha256 of the record that was written to the cluster, hex. */
  readonly recordSha256?: string;
  /** The record itself, as unchecked as any. */
  readonly record?: unknown;
}

/**
 * The last isolation of each pod that a case's custody lines tell of, in the order in which they were planned; undefined when
 * the path holds no case. Throws OperationError when nothing was isolated in that case.
 */
export async function isolationsOfCase(dir: string): Promise<CaseIsolation[] | undefined> {
  if ((await readCaseRecord(dir)) === undefined) return undefined;
  const found = new Map<string, CaseIsolation>();
  for await (const { bytes } of linesOf(createReadStream(join(dir, layout.custody)))) {
    const planned = plannedIn(bytes);
    if (planned !== undefined) found.set(planned.uid, planned);
  }
  if (found.size === 0) {
    throw new OperationError(`no pod was isolated in the case ${dir}`, {
      advice: 'give the name of the pod',
    });
  }
  return [...found.values()];
}

function plannedIn(line: Buffer): CaseIsolation | undefined {
  const planned = jsonObject(line);
  if (planned?.['action'] !== 'isolate' || planned['result'] !== 'planned') return undefined;
  const details = objectOf(planned['details']);
  if (details === undefined || !isUid(details['uid'])) return undefined;
  const { uid, sha256, record } = details;
  return {
    uid,
    ...(typeof sha256 === 'string' ? { recordSha256: sha256 } : {}),
    ...(record === undefined ? {} : { record }),
  };
}

import type { CustodyLine } from '../evidence/custody-line.ts';
import { OperationError } from '../output/errors.ts';
import { isObject } from '../output/is-object.ts';
import { isUid, objectName } from './names.ts';
import { type IsolationRecord, parseRecord, recordKey } from './record.ts';
import { isText } from './record-fields.ts';

/** What custody tells of the last isolation of one pod. */
export interface IsolationHistory {
  readonly record: IsolationRecord;
  /** The record as it was written, to be checked like any other. */
  readonly written: unknown;
  /** Kinds of the acts that were done; undefined where the isolation did not come to its verdict. */
  readonly done?: ReadonlySet<string>;
  /** Flows by their text that worked before it. */
  readonly worked: ReadonlySet<string>;
  /** When it was released, RFC 3339. */
  readonly released?: string;
}

/** The isolations that custody tells of, by the uid of the pod. A line that holds no sound record tells of none. */
export function isolationHistories(lines: Iterable<CustodyLine>): Map<string, IsolationHistory> {
  const found = new Map<string, IsolationHistory>();
  for (const { action, result, time, details } of lines) {
    const uid: unknown = details?.['uid'];
    if (details === undefined || !isUid(uid)) continue;
    const known = found.get(uid);
    if (action === 'isolate' && result === 'planned') {
      const record = recordIn(uid, details['record']);
      if (record !== undefined) found.set(uid, { record, written: details['record'], worked: new Set() });
    } else if (action === 'isolate' && known !== undefined && isObject(details['isolation'])) {
      const { isolation } = details;
      found.set(uid, { ...known, done: doneIn(isolation), worked: workedIn(isolation) });
    } else if (action === 'release' && result === 'done' && known !== undefined) {
      found.set(uid, { ...known, released: time });
    }
  }
  return found;
}

function recordIn(uid: string, written: unknown): IsolationRecord | undefined {
  const data = { [recordKey]: JSON.stringify(written ?? null) };
  try {
    return parseRecord({ metadata: { name: objectName(uid) }, data }).record;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return undefined;
  }
}

/** True for an isolation of which every act was done, and that was not released: another one of the pod is refused. */
export function isStanding({ record, done, released }: IsolationHistory): boolean {
  return released === undefined && done !== undefined && record.acts.every(({ kind }) => done.has(kind));
}

function doneIn({ actions }: Readonly<Record<string, unknown>>): Set<string> {
  const done = (Array.isArray(actions) ? actions : []).flatMap((action: unknown) =>
    isObject(action) && action['outcome'] === 'done' && isText(action['kind']) ? [action['kind']] : [],
  );
  return new Set(done);
}

function workedIn({ verification }: Readonly<Record<string, unknown>>): Set<string> {
  const checks: unknown = isObject(verification) ? verification['checks'] : undefined;
  const worked = (Array.isArray(checks) ? checks : []).flatMap((check: unknown) =>
    isObject(check) && check['before'] === 'works' && isText(check['flow']) ? [check['flow']] : [],
  );
  return new Set(worked);
}

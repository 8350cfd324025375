import { jsonObject, type JsonObject } from '../artifacts/json.ts';
import { OperationError } from '../output/errors.ts';

/** What the organisation knows a case by; none of it is needed at three in the morning, all of it can be added later. */
export interface CaseDetails {
  /** Case number. */
  readonly number?: string;
  readonly evidenceNumbers?: readonly string[];
  readonly examiner?: string;
  readonly organisation?: string;
}

/** data/case.json: what makes a directory a case. */
export interface CaseRecord extends CaseDetails {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Case';
  /** Layout of the case directory; a program refuses to write into one with a higher number than it knows. */
  readonly format: number;
  /** `ir-UTC-TARGET`; also the top directory in archives. */
  readonly name: string;
  readonly target: string;
  /** RFC 3339. */
  readonly created: string;
}

/** The layout that this program writes. */
export const caseFormat = 1;

/** A record of ours is far shorter; brackets alone take seventy times their length when they are parsed. */
const longest = 1024 * 1024;

/** Text of case.json. */
export function encodeCaseRecord(record: CaseRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Layout of a case that a newer program wrote; undefined for one that can be read here, or for no case record. */
export function newerFormat(text: string): number | undefined {
  const record = parseObject(text);
  const format = record?.['format'];
  if (record?.['kind'] !== 'Case' || typeof format !== 'number') return undefined;
  return format > caseFormat || record['apiVersion'] !== 'kubectl-ir/v1' ? format : undefined;
}

/** The case's name, of whatever layout the record is; undefined when there is none that can be used. */
export function nameInRecord(text: string): string | undefined {
  const name = parseObject(text)?.['name'];
  return isName(name) ? name : undefined;
}

/** Reads case.json. Throws OperationError when it is none of ours or of a newer layout; `path` is for the message. */
export function parseCaseRecord(text: string, path: string): CaseRecord {
  const record = parseObject(text);
  if (record?.['kind'] !== 'Case' || typeof record['format'] !== 'number')
    throw new OperationError(`${path} is no case record`, {
      advice:
        'give the directory of a case; if this is one, it is damaged: keep it as it is, kubectl ir verify tells what of it is whole',
    });
  if (newerFormat(text) !== undefined)
    throw new OperationError(
      `${path} was written by a newer kubectl ir (format ${record['format']}, known here: ${caseFormat})`,
      { advice: 'use that version, or a new --case; kubectl ir verify still checks its bag' },
    );
  const { name, target, created } = record;
  if (!isName(name) || typeof target !== 'string')
    throw new OperationError(`${path} is damaged`, {
      advice: 'keep it as it is, and go on with a new --case',
    });
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Case',
    format: record['format'],
    name,
    target,
    created: typeof created === 'string' ? created : '',
    ...detailsOf(record),
  };
}

/** The error of a place at which no case is. */
export function noCaseAt(place: string, cause?: unknown): OperationError {
  return new OperationError(`no case at ${place}`, {
    advice:
      'give the directory of a case; only verify, findings, timeline, show and report take an archive of one',
    cause,
  });
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,150}$/.test(name);
}

/** The members of a record that are details of the right type. */
function detailsOf(record: Readonly<Record<string, unknown>>): CaseDetails {
  const { number, evidenceNumbers, examiner, organisation } = record;
  return {
    ...(isDetail(number) ? { number } : {}),
    ...(Array.isArray(evidenceNumbers) ? { evidenceNumbers: evidenceNumbers.filter(isDetail) } : {}),
    ...(isDetail(examiner) ? { examiner } : {}),
    ...(isDetail(organisation) ? { organisation } : {}),
  };
}

/** True for what may stand as a detail: one line of text, since bag-info.txt gets it too. */
export function isDetail(value: unknown): value is string {
  return typeof value === 'string' && /\S/.test(value) && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);
}

function parseObject(text: string): JsonObject | undefined {
  return text.length > longest ? undefined : jsonObject(text);
}

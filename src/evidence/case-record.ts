import { OperationError } from '../output/errors.ts';

/** data/case.json: what makes a directory a case. */
export interface CaseRecord {
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

/** Text of case.json. */
export function encodeCaseRecord(record: CaseRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Reads case.json. Throws OperationError when it is none of ours or of a newer layout; `path` is for the message. */
export function parseCaseRecord(text: string, path: string): CaseRecord {
  const record = parseObject(text);
  if (record?.['kind'] !== 'Case' || typeof record['format'] !== 'number')
    throw new OperationError(`${path} is no case record`, { advice: 'give another directory with --case' });
  if (record['format'] > caseFormat || record['apiVersion'] !== 'kubectl-ir/v1')
    throw new OperationError(
      `${path} was written by a newer kubectl ir (format ${record['format']}, known here: ${caseFormat})`,
      { advice: 'use that version, or a new --case' },
    );
  const { name, target, created } = record;
  if (
    typeof name !== 'string' ||
    !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,150}$/.test(name) ||
    typeof target !== 'string'
  )
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
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

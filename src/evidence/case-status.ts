import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Outcome } from '../artifacts/item.ts';
import { OperationError } from '../output/errors.ts';
import { readAcquisitionRecord } from './acquisition-file.ts';
import type { AcquisitionOutcome, AcquisitionRecord } from './acquisition-record.ts';
import {
  type CaseRecord,
  caseFormat,
  nameInRecord,
  newerFormat,
  noCaseAt,
  parseCaseRecord,
} from './case-record.ts';
import { type ChainHead, type CustodyLine } from './custody-line.ts';
import { type Closing, closingAfter } from './custody.ts';
import { readCustody } from './custody-log.ts';
import { diskError, hasCode } from './durable-file.ts';
import { layout, sealMark, signaturePlace } from './layout.ts';
import { fingerprint, keyWord } from './signature/ssh-public-key.ts';
import { parseSshSig } from './signature/sshsig.ts';
import { WireError } from './signature/ssh-wire.ts';

/** One run of a collection, as its record says. */
export interface AcquisitionStatus {
  /** Name of its directory. */
  readonly name: string;
  readonly collection: string;
  readonly target: string;
  readonly outcome: AcquisitionOutcome;
  readonly started: string;
  readonly finished?: string;
  readonly items: number;
  readonly bytes: number;
  /** Items that may hold credentials. */
  readonly sensitive: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Items that are not whole. */
  readonly gapCount: number;
}

/** An acquisition that nothing is known of, and why. */
export interface UnreadableAcquisition {
  /** Name of its directory. */
  readonly name: string;
  /** Begins with what of it can't be read. */
  readonly reason: string;
}

/** What `case show` prints: what a case says of itself. Nothing of it is checked; that is what `verify` does. */
export interface CaseStatus {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'CaseStatus';
  readonly path: string;
  readonly name: string;
  readonly state: 'open' | 'sealed' | 'closed';
  /** Absent where a newer program wrote it. */
  readonly record?: CaseRecord;
  /** When it was sealed, while it is. */
  readonly sealed?: string;
  readonly closed?: Closing;
  readonly custody: ChainHead & { readonly afterSeal: number };
  readonly acquisitions: readonly AcquisitionStatus[];
  /** Those whose record can't be read. */
  readonly unreadable: readonly UnreadableAcquisition[];
  readonly signatures: readonly {
    readonly file: string;
    readonly keyType: string;
    readonly fingerprint: string;
  }[];
  /** What else could not be read, a sentence each. */
  readonly notes: readonly string[];
}

/** Reads a case without its lock, and shows each line of its custody. Throws OperationError when there is none. */
export async function readCaseStatus(
  dir: string,
  visit: (line: CustodyLine) => void = () => undefined,
): Promise<CaseStatus> {
  const notes: string[] = [];
  const text = await readFile(join(dir, layout.caseRecord), 'utf8').catch((cause: unknown) => {
    throw diskError(cause, 'read the case') ?? noCaseAt(dir, cause);
  });
  const newer = newerFormat(text);
  if (newer !== undefined)
    notes.push(
      `a newer kubectl ir wrote it (format ${newer}, known here: ${caseFormat}); what is known here is shown`,
    );
  const record = newer === undefined ? parseCaseRecord(text, join(dir, layout.caseRecord)) : undefined;
  let closed: Closing | undefined;
  let seal: string | undefined;
  const { head, afterSeal, broken } = await readCustody(dir, (line: CustodyLine) => {
    closed = closingAfter(closed, line);
    if (line.action === 'seal') seal = line.time;
    visit(line);
  });
  if (broken !== undefined) notes.push(`custody is broken: ${broken}`);
  const sealed = (await stat(join(dir, sealMark)).catch(noneWhenMissing)) === undefined ? undefined : seal;
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'CaseStatus',
    path: dir,
    name: record?.name ?? nameInRecord(text) ?? basename(dir),
    state: closed !== undefined ? 'closed' : sealed !== undefined ? 'sealed' : 'open',
    ...(record === undefined ? {} : { record }),
    ...(sealed === undefined ? {} : { sealed }),
    ...(closed === undefined ? {} : { closed }),
    custody: { ...head, afterSeal },
    ...(await readAcquisitions(dir)),
    signatures: await readSignatures(dir, notes),
    notes,
  };
}

/** One that can't be read takes nothing from the others. */
async function readAcquisitions(dir: string): Promise<Pick<CaseStatus, 'acquisitions' | 'unreadable'>> {
  const acquisitions: AcquisitionStatus[] = [];
  const unreadable: UnreadableAcquisition[] = [];
  const parent = join(dir, layout.acquisitions);
  for (const name of ((await readdir(parent).catch(noneWhenMissing)) ?? []).sort()) {
    const place = join(parent, name);
    try {
      acquisitions.push(statusOf(name, await readAcquisitionRecord(place)));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      unreadable.push({ name, reason: withoutPlace(error.message, place) });
    }
  }
  return { acquisitions, unreadable };
}

function statusOf(name: string, record: AcquisitionRecord): AcquisitionStatus {
  const { collection, target, outcome, started, finished, items, gapCount } = record;
  const { count, bytes, sensitive, outcomes } = items;
  return {
    name,
    collection,
    target,
    outcome,
    started,
    ...(finished === undefined ? {} : { finished }),
    items: count,
    bytes,
    sensitive,
    outcomes,
    gapCount,
  };
}

/** The name of the directory stands before it already. */
function withoutPlace(message: string, place: string): string {
  return message.startsWith(place) ? message.slice(place.length + 1) : message;
}

async function readSignatures(dir: string, notes: string[]): Promise<CaseStatus['signatures']> {
  const names = ((await readdir(join(dir, signaturePlace)).catch(noneWhenMissing)) ?? []).sort();
  const found: CaseStatus['signatures'][number][] = [];
  for (const name of names.filter((other) => other.endsWith('.sig'))) {
    const file = `${signaturePlace}/${name}`;
    try {
      const { publicKey } = parseSshSig(await readFile(join(dir, file), 'latin1'));
      found.push({ file, keyType: keyWord(publicKey.type), fingerprint: fingerprint(publicKey.blob) });
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      notes.push(`${file} ${error.message}`);
    }
  }
  return found;
}

function noneWhenMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) throw error;
}

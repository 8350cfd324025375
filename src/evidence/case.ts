import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Io } from '../output/io.ts';
import { OperationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { Acquisition } from './acquisition.ts';
import type { AcquisitionStart } from './acquisition-start.ts';
import {
  type CaseDetails,
  caseFormat,
  type CaseRecord,
  encodeCaseRecord,
  parseCaseRecord,
  noCaseAt,
} from './case-record.ts';
import { Custody } from './custody.ts';
import { hasCode, onDisk, syncDirectory, writeDurable } from './durable-file.ts';
import { layout, nameWord, stampOf } from './layout.ts';
import { takeLock, type Lock, type LockWait } from './lock.ts';
import { recoverAcquisitions, recoverRecord, removeHalfWritten } from './recovery.ts';
import { SecretKey } from './secret-key.ts';

export interface OpenCase {
  /** `--case`; without it `$KUBECTL_IR_CASE`, else a new `ir-UTC-TARGET` in the working directory. */
  readonly dir?: string | undefined;
  /** What the case is about, such as the pod's name; part of a new case's name. */
  readonly target: string;
  /** False: the directory must hold a case already, and it may be a closed one. */
  readonly create?: boolean;
  /** Open a closed case for more evidence; without it, that is refused. */
  readonly again?: boolean;
  /** What a new case is known by, or what is to be changed of it. */
  readonly details?: CaseDetails;
  /** The API server's answer to "who am I", for custody; later `custody.identify` sets it. */
  readonly identity?: string;
  /** Wait for somebody who holds the case, for an act that is short itself. */
  readonly wait?: LockWait;
}

/** A case directory held open for writing. */
export class Case {
  readonly dir: string;
  readonly custody: Custody;
  /** Of this run, for all its acquisitions. */
  readonly secretKey: SecretKey;
  readonly #io: Io;
  readonly #lock: Lock;
  #record: CaseRecord;

  constructor(io: Io, dir: string, record: CaseRecord, custody: Custody, lock: Lock) {
    this.#io = io;
    this.dir = dir;
    this.#record = record;
    this.custody = custody;
    this.secretKey = new SecretKey(io, record.name);
    this.#lock = lock;
  }

  get record(): CaseRecord {
    return this.#record;
  }

  /** `ir-UTC-TARGET`, whatever the directory is called now. */
  get name(): string {
    return this.#record.name;
  }

  /**
   * Begins one run of a collection; its directory exists and custody says so when this resolves. Rejects with
   * OperationError when the case is closed.
   */
  async startAcquisition(start: AcquisitionStart): Promise<Acquisition> {
    refuseClosed(this.dir, this.custody);
    return Acquisition.start(this.#io, this.dir, this.custody, { secretKey: this.secretKey, ...start });
  }

  /** Writes details into the case's record; those not given stay. Custody has the record's digest before and after. */
  async describe(details: CaseDetails): Promise<void> {
    refuseClosed(this.dir, this.custody);
    const record = { ...this.#record, ...details };
    const text = encodeCaseRecord(record);
    const act = {
      action: 'describe',
      object: layout.caseRecord,
      details: { ...details, sha256: sha256(text) },
    };
    await this.custody.append({ ...act, result: 'started' });
    await onDisk('write the record of the case', () => writeDurable(join(this.dir, layout.caseRecord), text));
    this.#record = record;
    await this.custody.append({ ...act, result: 'done' });
  }

  /** Gives the lock back. Safe to call twice. */
  close(): Promise<void> {
    return this.#lock.release();
  }
}

/**
 * Opens a case for writing, makes it when there is none (mode 0700), and repairs what a killed process left.
 * Throws OperationError when somebody else holds it, when it is of a newer layout, when its custody chain is
 * broken, or when the directory holds something else.
 */
export async function openCase(io: Io, options: OpenCase): Promise<Case> {
  const dir = resolve(options.dir ?? io.env['KUBECTL_IR_CASE'] ?? newName(io, options.target));
  const create = options.create ?? true;
  if (create) await makeDirectory(dir);
  const there = await look(dir);
  if (there !== 'case' && !create) throw noCaseAt(dir);
  if (there === 'other')
    throw new OperationError(`${dir} holds no case`, {
      advice: 'give the directory of a case, or an empty or new one',
    });
  const lock = await takeLock(io, dir, options.wait);
  try {
    const found = await readCaseRecord(dir);
    const record = found ?? (await makeCase(io, dir, options));
    await removeHalfWritten(dir);
    const custody = await Custody.open(io, dir, options.identity);
    if (create && options.again !== true) refuseClosed(dir, custody);
    const act = { action: 'open', object: record.name, result: 'done' } as const;
    if (custody.head.seq === 0) {
      const digest = sha256(await readFile(join(dir, layout.caseRecord)));
      await custody.append({ ...act, details: { target: record.target, sha256: digest } });
    } else if (custody.closed !== undefined && options.again === true) await custody.openAgain(act);
    await recoverRecord(dir, custody);
    await recoverAcquisitions(io, dir, custody);
    const opened = new Case(io, dir, record, custody, lock);
    if (found !== undefined && options.details !== undefined) await opened.describe(options.details);
    return opened;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function refuseClosed(dir: string, { closed }: Custody): void {
  if (closed === undefined) return;
  const who = escapeForTerminal(`${closed.actor.user} on ${closed.actor.host} at ${closed.time}`);
  throw new OperationError(`case ${dir} takes no more evidence: it was closed by ${who}`, {
    advice: 'give another --case; or open it again, which is recorded: kubectl ir case open CASE',
  });
}

/** data/case.json of a directory; undefined when there is none. Throws OperationError when it can't be used. */
export async function readCaseRecord(dir: string): Promise<CaseRecord | undefined> {
  const path = join(dir, layout.caseRecord);
  try {
    return parseCaseRecord(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

function newName(io: Io, target: string): string {
  return `ir-${stampOf(io.now())}-${nameWord(target)}`;
}

async function makeDirectory(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new OperationError(`cannot make the case directory ${dir}`, {
      advice: 'give another directory with --case',
      cause: error,
    });
  }
}

/** What is there: a case; nothing or the beginning of a case that was killed; or something else. */
async function look(dir: string): Promise<'case' | 'none' | 'other'> {
  if ((await readCaseRecord(dir)) !== undefined) return 'case';
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'none';
    if (hasCode(error, 'ENOTDIR')) return 'other';
    throw error;
  }
  const foreign = names.filter((name) => name !== 'data' && !name.startsWith('.lock'));
  const data = names.includes('data') ? await readdir(join(dir, 'data')) : [];
  return foreign.length > 0 || data.some((name) => name !== 'case.json.tmp') ? 'other' : 'none';
}

/** A case whose directory is not called `ir-…` is named after its own making, so that archives of cases never clash. */
async function makeCase(io: Io, dir: string, { target, details }: OpenCase): Promise<CaseRecord> {
  await mkdir(join(dir, 'data'), { recursive: true, mode: 0o700 });
  const created = io.now();
  const record: CaseRecord = {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Case',
    format: caseFormat,
    name: `ir-${stampOf(created)}-${nameWord(target)}`,
    target,
    created: created.toISOString(),
    ...details,
  };
  await writeDurable(join(dir, layout.caseRecord), encodeCaseRecord(record));
  await syncDirectory(dir);
  return record;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

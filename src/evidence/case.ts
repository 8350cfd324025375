import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Io } from '../output/io.ts';
import { OperationError } from '../output/errors.ts';
import { Acquisition } from './acquisition.ts';
import type { AcquisitionStart } from './acquisition-start.ts';
import { caseFormat, encodeCaseRecord, parseCaseRecord, type CaseRecord } from './case-record.ts';
import { Custody } from './custody.ts';
import { hasCode, syncDirectory, writeDurable } from './durable-file.ts';
import { layout, nameWord, stampOf } from './layout.ts';
import { takeLock, type Lock } from './lock.ts';
import { recoverAcquisitions } from './recovery.ts';

export interface OpenCase {
  /** `--case`; without it `$KUBECTL_IR_CASE`, else a new `ir-UTC-TARGET` in the working directory. */
  readonly dir?: string | undefined;
  /** What the case is about, such as the pod's name; part of a new case's name. */
  readonly target: string;
  /** False: the directory must hold a case already. */
  readonly create?: boolean;
  /** The API server's answer to "who am I", for custody; later `custody.identify` sets it. */
  readonly identity?: string;
}

/** A case directory held open for writing. */
export class Case {
  readonly dir: string;
  readonly record: CaseRecord;
  readonly custody: Custody;
  readonly #io: Io;
  readonly #lock: Lock;

  constructor(io: Io, dir: string, record: CaseRecord, custody: Custody, lock: Lock) {
    this.#io = io;
    this.dir = dir;
    this.record = record;
    this.custody = custody;
    this.#lock = lock;
  }

  /** `ir-UTC-TARGET`, whatever the directory is called now. */
  get name(): string {
    return this.record.name;
  }

  /** Begins one run of a collection; its directory exists and custody says so when this resolves. */
  startAcquisition(start: AcquisitionStart): Promise<Acquisition> {
    return Acquisition.start(this.#io, this.dir, this.custody, start);
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
  const found = await look(dir);
  if (found === 'other')
    throw new OperationError(`${dir} holds no case`, {
      advice: 'give the directory of a case, or an empty or new one',
    });
  if (found === 'none' && !create)
    throw new OperationError(`no case at ${dir}`, { advice: 'give the directory of a case' });
  const lock = await takeLock(io, dir);
  try {
    const record = (await readCaseRecord(dir)) ?? (await makeCase(io, dir, options.target));
    const custody = await Custody.open(io, dir, options.identity);
    if (custody.head.seq === 0)
      await custody.append({
        action: 'open',
        object: record.name,
        result: 'done',
        details: { target: record.target },
      });
    await recoverAcquisitions(io, dir, custody);
    return new Case(io, dir, record, custody, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
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
async function makeCase(io: Io, dir: string, target: string): Promise<CaseRecord> {
  await mkdir(join(dir, 'data'), { recursive: true, mode: 0o700 });
  const created = io.now();
  const record: CaseRecord = {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Case',
    format: caseFormat,
    name: `ir-${stampOf(created)}-${nameWord(target)}`,
    target,
    created: created.toISOString(),
  };
  await writeDurable(join(dir, layout.caseRecord), encodeCaseRecord(record));
  await syncDirectory(dir);
  return record;
}

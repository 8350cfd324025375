import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rm, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../output/io.ts';
import { OperationError } from '../output/errors.ts';
import { localActor, type Actor } from './actor.ts';
import {
  chainStart,
  checkLine,
  encodeCustodyLine,
  type Act,
  type ChainHead,
  type CustodyLine,
} from './custody-line.ts';
import { hasCode, isNoRoom, syncDirectory } from './durable-file.ts';
import { layout, sealMark, signaturePlace, tagFiles } from './layout.ts';
import { linesOf } from './lines.ts';

/** What reading a chain gave. */
export interface ChainReading {
  /** Last good head. */
  readonly head: ChainHead;
  /** First bad line: its number in the file from 1, and what is wrong with it. */
  readonly broken?: { readonly line: number; readonly why: string };
  /** Bytes after the last newline: a line that was being written when the process died. */
  readonly tail: Buffer;
}

/** Reads and checks a chain of custody lines that follows `start`, showing each. Stops at the first bad line. */
export async function readChain(
  source: AsyncIterable<Buffer>,
  start: ChainHead,
  visit: (line: CustodyLine) => void = () => undefined,
): Promise<ChainReading> {
  let head = start;
  let line = 0;
  for await (const { bytes, ended } of linesOf(source)) {
    if (!ended) return { head, tail: bytes };
    line += 1;
    const next = checkLine(head, bytes);
    if (typeof next === 'string') return { head, tail: Buffer.alloc(0), broken: { line, why: next } };
    head = next.head;
    visit(next.line);
  }
  return { head, tail: Buffer.alloc(0) };
}

/** When a case was closed, and who closed it. */
export type Closing = Pick<CustodyLine, 'time' | 'actor'>;

/** The closing of a case after a line of its chain, given that before it. */
export function closingAfter(before: Closing | undefined, line: CustodyLine): Closing | undefined {
  if (line.action === 'close') return { time: line.time, actor: line.actor };
  return line.action === 'open' ? undefined : before;
}

/**
 * Who did what when: append-only lines, each with the digest of the one before, each on disk before the call returns.
 * In a sealed case `append` re-opens the case first, unless it is closed; `appendAfterSeal` leaves the seal alone.
 */
export class Custody {
  readonly #io: Io;
  readonly #dir: string;
  #actor: Actor = localActor();
  #head: ChainHead = chainStart;
  #sealed = false;
  #closed: Closing | undefined;
  #last: Act | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(io: Io, dir: string) {
    this.#io = io;
    this.#dir = dir;
  }

  /**
   * Opens the chain of a case whose lock is held, and repairs what a killed process left: a torn last line is cut and
   * that is recorded, half-written tag files of a seal are removed. Throws OperationError when the chain is broken.
   */
  static async open(io: Io, dir: string, apiUser = ''): Promise<Custody> {
    const custody = new Custody(io, dir);
    custody.identify(apiUser);
    const main = await custody.#read(layout.custody, chainStart);
    custody.#head = main.head;
    custody.#sealed = main.head.action === 'seal' && (await exists(join(dir, sealMark)));
    if (!custody.#sealed) await custody.#removeSeal(main.head);
    await custody.#dropMerged();
    const after = await custody.#read(layout.custodyAfterSeal, main.head);
    custody.#head = after.head;
    if (!custody.#sealed) await custody.#merge();
    if (main.tail.length > 0) await custody.#cutTail(layout.custody, main.tail);
    if (after.tail.length > 0) await custody.#cutTail(layout.custodyAfterSeal, after.tail);
    return custody;
  }

  /** Digest and number of the newest line. */
  get head(): ChainHead {
    return this.#head;
  }

  /** True while the bag of the case is whole. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** The newest act. */
  get last(): Act | undefined {
    return this.#last;
  }

  /** Set while the case takes no more evidence. */
  get closed(): Closing | undefined {
    return this.#closed;
  }

  /** From now on lines carry the API server's answer to "who am I". */
  identify(apiUser: string): void {
    this.#actor = { ...this.#actor, api: apiUser };
  }

  get actor(): Actor {
    return this.#actor;
  }

  /**
   * Records an act that belongs to the evidence; re-opens a sealed case, or, when that is closed, stands beside the bag.
   * Resolves when the line is on disk.
   */
  append(act: Act): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#sealed && this.#closed !== undefined) return this.#write(layout.custodyAfterSeal, act);
      if (this.#sealed) await this.#reopen();
      return this.#write(layout.custody, act);
    });
  }

  /** Records what was done with the case as it is (signed, archived, handed over): beside the bag when it is sealed. */
  appendAfterSeal(act: Act): Promise<void> {
    return this.#inTurn(() => this.#write(this.#sealed ? layout.custodyAfterSeal : layout.custody, act));
  }

  /** Opens a closed case for more evidence; `act` is the `open` line that says so. */
  openAgain(act: Act & { readonly action: 'open' }): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#sealed) await this.#reopen();
      await this.#write(layout.custody, act);
    });
  }

  /** Runs `work` while no line can be appended; marks the case as sealed when it resolves. */
  sealWith(work: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await work();
      this.#sealed = true;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #write(file: string, act: Act): Promise<void> {
    const time = this.#io.now().toISOString();
    const seq = this.#head.seq + 1;
    const text = encodeCustodyLine({ seq, time, prev: this.#head.digest, actor: this.#actor, ...act });
    await appendDurable(this.#dir, file, Buffer.from(`${text}\n`));
    this.#head = {
      seq,
      time,
      digest: createHash('sha256').update(text).digest('hex'),
      action: act.action,
    };
    this.#note({ ...act, seq, time, prev: '', actor: this.#actor });
  }

  #note(line: CustodyLine): void {
    this.#closed = closingAfter(this.#closed, line);
    this.#last = line;
  }

  async #reopen(): Promise<void> {
    const mark = createHash('sha256')
      .update(await readFile(join(this.#dir, sealMark)))
      .digest('hex');
    await this.#merge();
    await this.#write(layout.custody, {
      action: 'reopen',
      object: 'case',
      result: 'done',
      details: { [sealMark]: mark },
    });
    this.#sealed = false;
    await this.#removeSeal(this.#head);
  }

  /** The acts after the seal become part of the payload's chain. */
  async #merge(): Promise<void> {
    const after = await readFile(join(this.#dir, layout.custodyAfterSeal)).catch(emptyWhenMissing);
    if (after.length > 0) await appendDurable(this.#dir, layout.custody, after);
    await this.#dropMerged();
  }

  /** Removes the lines beside the bag once they stand in the payload's chain. */
  async #dropMerged(): Promise<void> {
    const path = join(this.#dir, layout.custodyAfterSeal);
    const after = await readFile(path).catch(emptyWhenMissing);
    const main = await readFile(join(this.#dir, layout.custody)).catch(emptyWhenMissing);
    if (after.length === 0 || !main.includes(after)) return;
    await unlink(path);
    await syncDirectory(this.#dir);
  }

  /**
   * Removes what is left of a seal that was not finished or is no more, and the signatures of it. Only a whole seal is
   * ever signed: when one that custody ends with has signatures and is not whole, somebody took a part of it away.
   */
  async #removeSeal(head: ChainHead): Promise<void> {
    const signatures = join(this.#dir, signaturePlace);
    const signed = (await readdir(signatures).catch(ignoreMissing))?.length ?? 0;
    if (signed > 0 && head.action === 'seal')
      throw new OperationError(`case ${this.#dir} was signed, and ${sealMark} of its seal is missing`, {
        advice:
          'nothing was written into it; look for another copy, and see what is missing with: kubectl ir verify',
      });
    for (const file of tagFiles) await unlink(join(this.#dir, file)).catch(ignoreMissing);
    await rm(signatures, { recursive: true, force: true });
  }

  async #read(file: string, start: ChainHead): Promise<ChainReading> {
    const path = join(this.#dir, file);
    if (!(await exists(path))) return { head: start, tail: Buffer.alloc(0) };
    const reading = await readChain(createReadStream(path), start, (line) => this.#note(line));
    if (reading.broken === undefined) return reading;
    throw new OperationError(
      `the custody chain of case ${this.#dir} is broken: line ${reading.broken.line} of ${file} ${reading.broken.why}`,
      { advice: 'nothing was written into it; keep it as it is and go on with a new --case' },
    );
  }

  async #cutTail(file: string, tail: Buffer): Promise<void> {
    const path = join(this.#dir, file);
    await truncate(path, (await stat(path)).size - tail.length);
    await this.#write(file, {
      action: 'recover',
      object: file,
      result: 'done',
      details: { cutBytes: tail.length, cutSha256: createHash('sha256').update(tail).digest('hex') },
    });
  }
}

/** Appends and waits for the disk; a part of a line is taken back when there is no room for the rest. */
async function appendDurable(dir: string, file: string, bytes: Buffer): Promise<void> {
  const path = join(dir, file);
  const handle = await open(path, 'a', 0o600);
  const before = (await handle.stat()).size;
  try {
    await handle.appendFile(bytes);
    await handle.datasync();
  } catch (error) {
    await handle.truncate(before).catch(() => undefined);
    if (!isNoRoom(error)) throw error;
    throw new OperationError(`cannot record the act in ${path}: no space left on this machine`, {
      advice: 'free some space, then run the command again',
      cause: error,
    });
  } finally {
    await handle.close();
  }
  if (before === 0) await syncDirectory(join(path, '..'));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreMissing)) !== undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

function emptyWhenMissing(error: unknown): Buffer {
  if (!hasCode(error, 'ENOENT')) throw error;
  return Buffer.alloc(0);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { formatAge } from '../output/age.ts';
import { formatCount } from '../output/count.ts';
import { formatSize } from '../output/size.ts';
import { checkTar, type TarCheck } from './acquisition-check.ts';
import { parseAcquisitionRecord, type AcquisitionRecord } from './acquisition-record.ts';
import { chainStart, type ChainHead, type CustodyLine } from './custody-line.ts';
import { readChain } from './custody.ts';
import { Digested } from './digested.ts';
import { lentPieces } from './file-pieces.ts';
import { layout } from './layout.ts';
import { PackedBytes } from './packed-bytes.ts';
import type { Check, Problems } from './verification.ts';

interface Seen {
  /** Directory of the acquisition, relative to the case. */
  readonly object: string;
  record?: AcquisitionRecord;
  recordDigest?: string;
  indexDigest?: string;
  /** items.jsonl of an archive, in memory: nothing of an archive is put on disk. */
  index?: PackedBytes;
  tar?: TarCheck;
}

/** Directory of an acquisition and name of a file in it. */
const acquisitionFile = /^(data\/acquisitions\/[^/]+)\/([^/]+)$/;
/** Acquisition records are written whole and bounded by their list of gaps. */
const recordLimit = 16 * 1024 * 1024;
/** Clocks that are kept right by the network are put back by less. */
const clockTolerance = 60_000;

/**
 * Checks what makes a case more than a bag: the custody chain, and every acquisition's record, index and tar against
 * each other and against custody. Files may come in any order; a tar that comes before its index is asked for again.
 */
export class CaseCheck {
  readonly #problems: Problems;
  readonly #caseDir: string | undefined;
  readonly #acquisitions = new Map<string, Seen>();
  readonly #deferred = new Set<string>();
  /** Digest of the record of each acquisition, and of the case's own, as custody last said. */
  readonly #custodyDigests = new Map<string, string>();
  #caseDigest: string | undefined;
  #head: ChainHead | undefined;
  #clock: ClockStep = { line: 0, back: 0 };

  /** `caseDir` is where the case lies; undefined for one in an archive. */
  constructor(problems: Problems, caseDir: string | undefined) {
    this.#problems = problems;
    this.#caseDir = caseDir;
  }

  /** Head of the custody chain in the payload, once it was read whole. */
  get head(): ChainHead | undefined {
    return this.#head;
  }

  /** True when tars came before their indexes: all files must be visited once more. */
  get again(): boolean {
    return this.#deferred.size > 0;
  }

  /** True for a file that `look` reads. */
  wants(path: string): boolean {
    return path === layout.custody || path === layout.caseRecord || acquisitionFile.test(path);
  }

  /** Reads a file of the case as far as it wants to. */
  async look(path: string, content: AsyncIterable<Buffer>): Promise<void> {
    if (path === layout.custody) return this.#readCustody(content);
    if (path === layout.caseRecord) {
      this.#caseDigest = (await readRecordFile(content)).digest;
      return;
    }
    const [, place, name] = acquisitionFile.exec(path) ?? [];
    if (place === undefined || name === undefined) return;
    const seen = this.#seen(place);
    if (name === layout.acquisitionRecord) await this.#readRecord(seen, content);
    else if (name === layout.items) await this.#readIndex(seen, content);
    else if (name.endsWith('.tar')) await this.#readTar(seen, path, content);
  }

  /** The acts after the seal; `text` is empty when there are none, and there is then nothing to tell. */
  async checkAfterSeal(text: Buffer): Promise<Check | undefined> {
    if (text.length === 0 || this.#head === undefined) return undefined;
    const file = layout.custodyAfterSeal;
    const { head, broken, tail } = await readChain(oneChunk(text), this.#head);
    if (broken !== undefined) this.#problems.add(file, `line ${broken.line} ${broken.why}`);
    else if (tail.length > 0) this.#problems.add(file, 'ends in the middle of a line');
    const detail = `${formatCount(head.seq - this.#head.seq, 'act')} after the seal, last ${head.action} at ${head.time}; no signature covers them`;
    return {
      check: 'afterwards',
      result: broken === undefined && tail.length === 0 ? 'ok' : 'failed',
      detail,
    };
  }

  /** After all files. */
  finish(): Check[] {
    if (this.#head === undefined) this.#problems.add(layout.custody, 'is missing or broken');
    const head = this.#head;
    const custody: Check = {
      check: 'custody',
      result: head === undefined ? 'failed' : 'ok',
      detail:
        head === undefined
          ? 'no whole chain'
          : `${formatCount(head.seq, 'line')}, last ${head.action} at ${head.time}, head ${head.digest.slice(0, 16)}${clockRemark(this.#clock)}`,
    };
    const recorded = this.#custodyDigests.get(layout.caseRecord);
    if (head !== undefined && recorded !== undefined && recorded !== this.#caseDigest)
      this.#problems.add(layout.caseRecord, 'is not what custody says of it');
    return [custody, ...[...this.#acquisitions.values()].map((seen) => this.#checkAcquisition(seen))];
  }

  #seen(object: string): Seen {
    const seen = this.#acquisitions.get(object) ?? { object };
    this.#acquisitions.set(object, seen);
    return seen;
  }

  async #readCustody(content: AsyncIterable<Buffer>): Promise<void> {
    let before: CustodyLine | undefined;
    const visit = (line: CustodyLine): void => {
      const back = Date.parse(before?.time ?? line.time) - Date.parse(line.time);
      if (back > this.#clock.back) this.#clock = { line: line.seq, back };
      before = line;
      const object = recordOf(line);
      const digest = line.details?.['sha256'];
      if (object !== undefined && typeof digest === 'string') this.#custodyDigests.set(object, digest);
    };
    const { head, broken, tail } = await readChain(content, chainStart, visit);
    if (broken !== undefined) this.#problems.add(layout.custody, `line ${broken.line} ${broken.why}`);
    else if (tail.length > 0) this.#problems.add(layout.custody, 'ends in the middle of a line');
    else if (head.seq > 0) this.#head = head;
  }

  async #readRecord(seen: Seen, content: AsyncIterable<Buffer>): Promise<void> {
    const { text, digest } = await readRecordFile(content);
    const record = parseAcquisitionRecord(text);
    seen.recordDigest = digest;
    if (record !== undefined) seen.record = record;
  }

  async #readIndex(seen: Seen, content: AsyncIterable<Buffer>): Promise<void> {
    const digested = new Digested();
    const bytes = digested.through(content);
    if (this.#caseDir === undefined) seen.index = await PackedBytes.of(bytes);
    else while ((await bytes.next()).done !== true);
    seen.indexDigest = digested.sha256;
  }

  async #readTar(seen: Seen, path: string, content: AsyncIterable<Buffer>): Promise<void> {
    if (seen.tar !== undefined) return;
    const index =
      this.#caseDir === undefined
        ? seen.index?.read()
        : createReadStream(join(this.#caseDir, seen.object, layout.items));
    if (index === undefined) {
      this.#deferred.add(path);
      return;
    }
    this.#deferred.delete(path);
    const tar = this.#caseDir === undefined ? content : lentPieces(join(this.#caseDir, path));
    seen.tar = await checkTar(index, tar).catch((error: unknown) => ({
      items: 0,
      bytes: 0,
      size: 0,
      fault: { item: layout.items, what: error instanceof Error ? error.message : 'cannot be read' },
    }));
  }

  #checkAcquisition(seen: Seen): Check {
    const name = seen.object.slice(layout.acquisitions.length + 1);
    const fault = this.#faultOf(seen);
    if (fault !== undefined) {
      this.#problems.add(`${seen.object}${fault.file === '' ? '' : `/${fault.file}`}`, fault.what);
      return { check: 'acquisition', result: 'failed', detail: `${name}: ${fault.what}` };
    }
    const { items, outcome, gapCount } = seen.record ?? {
      items: { count: 0, bytes: 0 },
      outcome: '',
      gapCount: 0,
    };
    const detail = `${name}: ${outcome}, ${formatCount(items.count, 'item')}, ${formatSize(items.bytes)}, ${gapCount} not whole`;
    return { check: 'acquisition', result: 'ok', detail };
  }

  #faultOf({
    object,
    record,
    recordDigest,
    indexDigest,
    tar,
  }: Seen): { file: string; what: string } | undefined {
    const file = layout.acquisitionRecord;
    if (record === undefined) return { file, what: 'is missing or no record of an acquisition' };
    if (record.outcome === 'running') return { file, what: 'was not finished: it runs still, or was killed' };
    if (this.#custodyDigests.get(object) !== recordDigest)
      return { file, what: 'is not what custody says was acquired' };
    if (record.items.sha256 !== indexDigest)
      return { file: layout.items, what: 'is missing or not what acquisition.json says' };
    if (tar === undefined) return { file: record.tar.name, what: 'is missing' };
    if (tar.fault !== undefined)
      return { file: record.tar.name, what: `${tar.fault.item} ${tar.fault.what}` };
    if (tar.size !== record.tar.size || tar.items !== record.items.count || tar.bytes !== record.items.bytes)
      return { file, what: 'counts other items than there are' };
    return undefined;
  }
}

/** Where the clock of those who wrote the chain went back furthest, in milliseconds. */
interface ClockStep {
  readonly line: number;
  readonly back: number;
}

/** A clock that was put right is no damage; one that was a year off matters to whoever reads the times. */
function clockRemark({ line, back }: ClockStep): string {
  return back < clockTolerance ? '' : `; line ${line} is ${formatAge(back)} earlier than the line before it`;
}

/** The record whose digest a custody line tells. */
function recordOf({ action, object }: CustodyLine): string | undefined {
  if (action === 'acquire' || action === 'recover' || action === 'describe') return object;
  return action === 'open' ? layout.caseRecord : undefined;
}

/** A record as text and its digest; a file that is too large for a record counts as an empty one. */
async function readRecordFile(
  content: AsyncIterable<Buffer>,
): Promise<{ readonly text: string; readonly digest: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > recordLimit) return { text: '', digest: '' };
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { text: bytes.toString('utf8'), digest: createHash('sha256').update(bytes).digest('hex') };
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

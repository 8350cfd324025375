import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../output/errors.ts';
import { isNoRoom } from './durable-file.ts';

/** How much memory sorting may take. */
export interface SortLimits {
  /** Bytes of lines that are sorted at once in memory. */
  readonly run: number;
  /** Sorted pieces that are read beside each other. */
  readonly together: number;
  /** Bytes of each of them that are read at once. */
  readonly page: number;
}

const usual: SortLimits = { run: 4 * 1024 * 1024, together: 512, page: 16 * 1024 };

/** One sorted piece in the file. */
interface Run {
  readonly offset: number;
  readonly length: number;
}

/**
 * Lines in the order of their UTF-16 code units, however many: an external merge sort. What is more than one run lies in a
 * file that has no name any more, in a directory of the user's own that is gone again before the first line is written: no
 * end of the process, however sudden, leaves anything behind.
 */
export class SortedLines {
  readonly #place: string;
  readonly #limits: SortLimits;
  readonly #runs: Run[] = [];
  /** The lines of the next run one behind the other: as texts they would make the heap grow far beyond their size. */
  #bytes: Buffer = Buffer.alloc(0);
  #ends: number[] = [];
  #file: number | undefined;
  #end = 0;

  /** `place` is a directory for the file, such as that of the system's temporary files. */
  constructor(place: string, limits: SortLimits = usual) {
    this.#place = place;
    this.#limits = limits;
  }

  /** Adds a line without newlines and without lone surrogates. Throws OperationError when the disk is full. */
  add(line: string): void {
    // A UTF-16 code unit takes three bytes of UTF-8 at most.
    const most = line.length * 3;
    const start = this.#ends.at(-1) ?? 0;
    if (start + most > this.#bytes.length) {
      this.#spill();
      const length = Math.max(this.#limits.run, most);
      if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length);
      this.#ends = [this.#bytes.write(line)];
    } else this.#ends.push(start + this.#bytes.write(line, start));
  }

  /** All lines in order; to be read once. Throws OperationError when the disk is full. */
  *read(): Generator<string, void> {
    if (this.#runs.length === 0) {
      yield* this.#sorted();
      return;
    }
    this.#spill();
    while (this.#runs.length > this.#limits.together) {
      const some = this.#runs.splice(0, this.#limits.together);
      this.#append(this.#merge(some));
    }
    yield* this.#merge(this.#runs);
  }

  /** Gives back what the lines took. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#bytes = Buffer.alloc(0);
    this.#ends = [];
    this.#runs.length = 0;
  }

  #sorted(): string[] {
    let start = 0;
    const lines = this.#ends.map((end) => {
      const line = this.#bytes.toString('utf8', start, end);
      start = end;
      return line;
    });
    return lines.sort();
  }

  #spill(): void {
    if (this.#ends.length === 0) return;
    this.#append(this.#sorted());
    this.#ends = [];
  }

  /** Writes one sorted piece, a page at a time. */
  #append(lines: Iterable<string>): void {
    const offset = this.#end;
    let texts: string[] = [];
    let size = 0;
    const flush = (): void => {
      if (texts.length > 0) this.#write(Buffer.from(`${texts.join('\n')}\n`));
      texts = [];
      size = 0;
    };
    for (const line of lines) {
      texts.push(line);
      size += line.length;
      if (size >= this.#limits.page) flush();
    }
    flush();
    this.#runs.push({ offset, length: this.#end - offset });
  }

  #write(bytes: Buffer): void {
    try {
      this.#file ??= openUnnamed(this.#place);
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done);
    } catch (cause) {
      if (!isNoRoom(cause)) throw cause;
      throw new OperationError(`no space left for sorting in ${this.#place}`, {
        advice:
          'set TMPDIR to a directory with room for some 400 bytes of each event, or take a shorter time',
        cause,
      });
    }
    this.#end += bytes.length;
  }

  /** The lines of several pieces, the smallest first: a binary heap of their first lines. */
  *#merge(runs: readonly Run[]): Generator<string, void> {
    const heap: { line: string; readonly rest: Iterator<string> }[] = [];
    for (const run of runs) {
      const rest = this.#readRun(run);
      const first = rest.next();
      if (first.done === true) continue;
      heap.push({ line: first.value, rest });
    }
    heap.sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      yield top.line;
      const next = top.rest.next();
      if (next.done === true) {
        const last = heap.pop();
        if (last === undefined || last === top) continue;
        heap[0] = last;
      } else top.line = next.value;
      sink(heap);
    }
  }

  *#readRun({ offset, length }: Run): Generator<string, void> {
    const file = this.#file;
    if (file === undefined) return;
    // One buffer for the whole piece, for its lines become texts at once: what waits for its end is moved to the front.
    let buffer = Buffer.allocUnsafe(this.#limits.page);
    let held = 0;
    for (let at = 0; at < length;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      const taken = readSync(file, buffer, held, Math.min(buffer.length - held, length - at), offset + at);
      if (taken === 0) throw new Error('the file of sorted lines is cut');
      at += taken;
      const bytes = buffer.subarray(0, held + taken);
      let from = 0;
      for (let end = bytes.indexOf(10, held); end !== -1; end = bytes.indexOf(10, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      held = bytes.copy(buffer, 0, from);
    }
  }
}

/** Moves the first entry of a heap down to where it belongs. */
function sink(heap: { readonly line: string }[]): void {
  const moved = heap[0];
  if (moved === undefined) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const takeRight = right !== undefined && right.line < left.line;
    const smaller = takeRight ? right : left;
    if (moved.line <= smaller.line) break;
    heap[at] = smaller;
    at = 2 * at + (takeRight ? 2 : 1);
  }
  heap[at] = moved;
}

/** A new file without a name, for this user alone. */
function openUnnamed(place: string): number {
  const directory = mkdtempSync(join(place, 'kubectl-ir-'));
  const path = join(directory, 'lines');
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  rmdirSync(directory);
  return file;
}

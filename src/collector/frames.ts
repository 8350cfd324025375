import type { ItemEnd, ItemHeader } from '../artifacts/item.ts';
import { formatCount } from '../output/count.ts';
import { escapeForTerminal } from '../output/escape.ts';
import type { Block } from './blocks.ts';
import { BlockReader, FrameError } from './blocks.ts';
import { parseRecord } from './records.ts';

/*
 * The stream of a collecting script.
 *
 *   stream  = 1*block
 *   block   = token SP number SP records-length SP data-length SP digest SP digest LF  records data LF
 *   records = *record                      lines of ASCII
 *   record  = "item" SP artifact SP type SP "=" name SP "=" target SP facts LF
 *           | "data" SP length LF          the next bytes of the block's data belong to the open item
 *           | "end" SP outcome SP length SP "=" detail LF
 *           | "over" SP items SP exit-code LF
 *   type    = "file" | "symlink" | "directory"
 *   facts   = "-" | what stat(1) said just before the item was opened
 *
 * token          32 hex digits that the responder chose for this run
 * number         from 1, without gaps
 * digest         sha256 or sha512 in hex, of the records and of the data, so that no byte can change unnoticed
 * name, target, detail   every byte but plain ones (records.ts) as %xx
 * length of "end"        the item's true length
 *
 * Data is read into memory before its length is written, so a file that grows, shrinks, blocks or lies about its size
 * cannot break the framing. An item may span many blocks, and a block may hold many items. "over" is the last record of
 * the last block; a stream without it is truncated. The script then waits for one line on stdin, by which the responder
 * acknowledges that everything arrived.
 */

/** What the parser found. An item's data comes between its begin and its end. */
export type FrameEvent =
  | { readonly kind: 'begin'; readonly header: ItemHeader }
  | { readonly kind: 'data'; readonly chunk: Buffer }
  | { readonly kind: 'end'; readonly end: ItemEnd }
  | { readonly kind: 'over'; readonly exitCode: number };

/**
 * Push parser of one framed stream, which may arrive in pieces cut anywhere. Holds one block at a time (`blockLimits`) and
 * yields nothing of a block before its digests matched. An error names the item that it is in; the parser is unusable then.
 */
export class FrameParser {
  readonly #blocks: BlockReader;
  #last: ItemHeader | undefined;
  #open = false;
  #length = 0;
  #over = false;
  #dead = false;

  constructor(token: string) {
    this.#blocks = new BlockReader(token);
  }

  /** Number of items begun. */
  get items(): number {
    return this.#last?.sequence ?? 0;
  }

  /** Bytes of the open item so far; undefined when no item is open. */
  get openLength(): number | undefined {
    return this.#open ? this.#length : undefined;
  }

  /** True when the stream is complete. */
  get over(): boolean {
    return this.#over;
  }

  /** Events of the next piece of the stream. Throws FrameError. */
  *push(chunk: Buffer): Generator<FrameEvent, void, undefined> {
    if (this.#dead) throw new Error('pushed into a parser that failed');
    try {
      if (this.#over && chunk.length > 0) throw new FrameError('the stream goes on after its end');
      for (const block of this.#blocks.push(chunk)) {
        if (this.#over) throw new FrameError('the stream goes on after its end');
        yield* this.#read(block);
      }
      if (this.#over && !this.#blocks.atBoundary) throw new FrameError('the stream goes on after its end');
    } catch (error) {
      this.#dead = true;
      throw error instanceof FrameError ? new FrameError(`${error.message} (${this.#where()})`) : error;
    }
  }

  *#read(block: Block): Generator<FrameEvent, void, undefined> {
    let { data } = block;
    for (const line of linesOf(block.records)) {
      const record = parseRecord(line);
      if (this.#over) throw new FrameError('a block goes on after the end of the stream');
      switch (record.kind) {
        case 'item':
          if (this.#open) throw new FrameError('an item begins inside another');
          this.#last = { sequence: this.items + 1, ...record.header };
          this.#open = true;
          this.#length = 0;
          yield { kind: 'begin', header: this.#last };
          break;
        case 'data':
          if (!this.#open || this.#last?.type !== 'file') throw new FrameError('data belongs to no file');
          if (record.length > data.length) throw new FrameError('a block holds less data than it says');
          this.#length += record.length;
          if (record.length > 0) yield { kind: 'data', chunk: data.subarray(0, record.length) };
          data = data.subarray(record.length);
          break;
        case 'end':
          if (!this.#open) throw new FrameError('an end belongs to no item');
          if (record.end.length !== this.#length) throw new FrameError('an item has not the length it says');
          this.#open = false;
          yield { kind: 'end', end: record.end };
          break;
        case 'over':
          if (this.#open || record.items !== this.items) {
            throw new FrameError(
              `the stream ends with ${formatCount(this.items, 'item')} and says ${record.items}`,
            );
          }
          this.#over = true;
          yield { kind: 'over', exitCode: record.exitCode };
      }
    }
    if (data.length > 0) throw new FrameError('a block holds more data than it says');
  }

  #where(): string {
    if (this.#last === undefined) return 'before the first item';
    const name = escapeForTerminal(this.#last.name);
    return this.#open ? `in item ${this.items}, ${name}` : `after item ${this.items}, ${name}`;
  }
}

function* linesOf(records: Buffer): Generator<string, void, undefined> {
  let start = 0;
  while (start < records.length) {
    const end = records.indexOf(0x0a, start);
    if (end < 0) throw new FrameError('a block holds half a record');
    yield records.toString('latin1', start, end);
    start = end + 1;
  }
}

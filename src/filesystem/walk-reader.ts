import { OperationError } from '../output/errors.ts';
import type { Batch } from './walk.ts';
import { parseBatch } from './walk.ts';

/** Takes the parts of a walk in their order. */
export interface WalkParts {
  /** Where the writable layer lies on the node, links resolved; one byte per character. */
  upper(path: string): void;
  batch(batch: Batch): Promise<void>;
  /** What the walk complained of, one line each, raw. */
  complaints(lines: readonly string[]): void;
}

/** A batch of diff.sh has some 130 kB of paths; nothing honest comes near this many bytes. */
const mostBytes = 256 * 1024 * 1024;
/** Taken at once: a text of megabytes would live as long as the smallest part of it. */
const pieceBytes = 64 * 1024;

/**
 * Reads the output of diff.sh while it arrives: sections that begin with a line `TOKEN>NAME`, those behind `batch KIND` being of one
 * batch. No path can look like such a line, because a slash follows the token there. Never holds more than one batch.
 * Throws OperationError for what is not in the expected form.
 */
export class WalkReader {
  readonly #token: string;
  readonly #mark: string;
  readonly #parts: WalkParts;
  /** The section that arrives, as far as it was searched for the next mark; behind it the tail that was not. */
  #pieces: string[] = [];
  #tail = '';
  #length = 0;
  #kind: Batch['kind'] | undefined;
  #sections = new Map<string, string>();
  #over = false;

  constructor(token: string, parts: WalkParts) {
    this.#token = token;
    this.#mark = `${token}>`;
    this.#parts = parts;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += pieceBytes)
      await this.#take(chunk.subarray(at, at + pieceBytes));
  }

  async #take(chunk: Buffer): Promise<void> {
    let text = this.#tail + chunk.toString('latin1');
    this.#length += chunk.length;
    if (this.#length > mostBytes) throw malformed('a section of it is too long');
    for (;;) {
      // Every section begins with the mark, which is not to be found again.
      const next = text.indexOf(this.#mark, this.#pieces.length === 0 ? 1 : 0);
      if (next < 0) break;
      await this.#section(this.#whole(text.slice(0, next)));
      text = text.slice(next);
      this.#length = text.length;
    }
    const searched = Math.max(text.length - this.#mark.length + 1, 0);
    if (searched > 0) this.#pieces.push(text.slice(0, searched));
    this.#tail = text.slice(searched);
  }

  /** Takes the last section. Throws when it is not the one that says that all was sent. */
  async end(): Promise<void> {
    await this.#section(this.#whole(this.#tail));
    if (!this.#over) throw malformed('its end is missing');
  }

  #whole(last: string): string {
    const text = [...this.#pieces, last].join('');
    this.#pieces = [];
    return text;
  }

  async #section(text: string): Promise<void> {
    const line = text.indexOf('\n');
    if (!text.startsWith(this.#mark) || line < 0 || this.#over) throw malformed('it is cut');
    const name = text.slice(this.#mark.length, line);
    const body = text.slice(line + 1);
    const kind = /^batch (deleted|present)$/.exec(name)?.[1];
    if (this.#kind !== undefined && kind === undefined && name !== 'errors') {
      this.#sections.set(name, body);
      return;
    }
    await this.#batch();
    if (kind === 'deleted' || kind === 'present') this.#kind = kind;
    else if (name === 'upper') this.#parts.upper(body);
    else if (name === 'errors') this.#parts.complaints(this.#lines(body));
    else if (name === 'over') this.#over = true;
    else throw malformed('it has a section that is none');
  }

  async #batch(): Promise<void> {
    const [kind, sections] = [this.#kind, this.#sections];
    this.#kind = undefined;
    this.#sections = new Map();
    if (kind !== undefined) await this.#parts.batch(parseBatch(kind, sections, this.#token));
  }

  #lines(text: string): string[] {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(this.#token, ''));
  }
}

function malformed(why: string): OperationError {
  return new OperationError(`the walk's output cannot be used: ${why}`);
}

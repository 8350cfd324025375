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

/**
 * Reads the output of diff.sh while it arrives: sections that begin with a line `TOKEN>NAME`, those behind `batch KIND` being of one
 * batch. No path can look like such a line, because a slash follows the token there. Never holds more than one batch.
 * Throws OperationError for what is not in the expected form.
 */
export class WalkReader {
  readonly #token: string;
  readonly #mark: string;
  readonly #parts: WalkParts;
  #pending = '';
  #kind: Batch['kind'] | undefined;
  #sections = new Map<string, string>();
  #over = false;

  constructor(token: string, parts: WalkParts) {
    this.#token = token;
    this.#mark = `${token}>`;
    this.#parts = parts;
  }

  async write(chunk: Buffer): Promise<void> {
    let from = Math.max(this.#pending.length - this.#mark.length, 1);
    this.#pending += chunk.toString('latin1');
    if (this.#pending.length > mostBytes) throw malformed('a section of it is too long');
    for (;;) {
      const next = this.#pending.indexOf(this.#mark, from);
      if (next < 0) return;
      await this.#section(this.#pending.slice(0, next));
      this.#pending = this.#pending.slice(next);
      from = 1;
    }
  }

  /** Takes the last section. Throws when it is not the one that says that all was sent. */
  async end(): Promise<void> {
    await this.#section(this.#pending);
    this.#pending = '';
    if (!this.#over) throw malformed('its end is missing');
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

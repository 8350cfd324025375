import { jsonObject, type JsonObject } from './json.ts';
import type { Malformed } from './lines.ts';

/** A piece of a PodDiff: what it says of the pod, of a container, or of one change of the container before it. */
export type PodDiffPiece =
  | { readonly kind: 'pod'; readonly pod: JsonObject }
  | { readonly kind: 'container'; readonly container: JsonObject }
  | { readonly kind: 'change'; readonly change: JsonObject };

/** A piece that is longer is none of ours. */
const longestPiece = 64 * 1024 * 1024;

/** Depths of brackets: the list of containers, one of them, its changes, one of those. */
const depths = { containers: 2, container: 3, changes: 4, change: 5 } as const;

/**
 * Cuts a PodDiff (schema/pod-diff.json, written as one document with `changes` last in each container) into its pieces while
 * it arrives, so that a million changes are never in memory at once.
 */
export class PodDiffPieces {
  #held: Buffer = Buffer.alloc(0);
  /** How far `#held` was looked at, and where it begins in the file. */
  #at = 0;
  #offset = 0;
  #start = 0;
  #depth = 0;
  #text = false;
  #escaped = false;
  #textStart = 0;
  #key = '';
  #changes = false;
  #over = false;

  /** The pieces that end in the next bytes. After something malformed nothing more comes. */
  *write(chunk: Buffer): Generator<PodDiffPiece | Malformed> {
    if (this.#over) return;
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (; this.#at < this.#held.length; this.#at += 1) {
      if (this.#isOver()) return;
      const byte = this.#held[this.#at];
      if (this.#text) this.#inText(byte);
      else if (byte === 0x22) {
        this.#text = true;
        this.#textStart = this.#at;
      } else if (byte === 0x7b || byte === 0x5b) yield* this.#open(byte === 0x5b);
      else if (byte === 0x7d || byte === 0x5d) yield* this.#close(byte === 0x5d);
    }
    this.#drop();
    if (!this.#isOver() && this.#held.length > longestPiece)
      yield this.#malformed('a piece of the diff is too long');
  }

  /** Says when the document did not end. */
  *end(): Generator<Malformed> {
    if (!this.#over && (this.#depth !== 0 || this.#text)) yield this.#malformed('the diff is cut');
  }

  #inText(byte: number | undefined): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === 0x5c) this.#escaped = true;
    else if (byte === 0x22) {
      this.#text = false;
      if (this.#depth === 1 || this.#depth === depths.container)
        this.#key = this.#held.toString(
          'utf8',
          this.#textStart + 1,
          Math.min(this.#at, this.#textStart + 64),
        );
    }
  }

  *#open(list: boolean): Generator<PodDiffPiece | Malformed> {
    this.#depth += 1;
    if (list && this.#depth === depths.containers && this.#key === 'containers') {
      yield this.#piece(this.#at + 1, ']}', (about) => ({ kind: 'pod', pod: about['pod'] as JsonObject }));
    } else if (
      !list &&
      (this.#depth === depths.container || (this.#changes && this.#depth === depths.change))
    )
      this.#start = this.#at;
    else if (list && this.#depth === depths.changes && this.#key === 'changes') {
      yield this.#piece(this.#at + 1, ']}', (container) => ({ kind: 'container', container }));
      this.#changes = true;
    }
  }

  *#close(list: boolean): Generator<PodDiffPiece | Malformed> {
    if (!list && this.#changes && this.#depth === depths.change)
      yield this.#piece(this.#at + 1, '', (change) => ({ kind: 'change', change }));
    this.#depth -= 1;
    if (list && this.#changes && this.#depth === depths.container) {
      this.#changes = false;
      this.#start = this.#at + 1;
    }
    if (this.#depth < 0) yield this.#malformed('no diff of a pod');
  }

  #piece(end: number, ending: string, make: (object: JsonObject) => PodDiffPiece): PodDiffPiece | Malformed {
    const object = jsonObject(`${this.#held.toString('utf8', this.#start, end)}${ending}`);
    this.#start = end;
    return object === undefined ? this.#malformed('no diff of a pod') : make(object);
  }

  /** Lets go of what is behind the current piece. */
  #drop(): void {
    const between = this.#changes && this.#depth === depths.changes && !this.#text;
    const from = between ? this.#at : Math.min(this.#start, this.#at);
    if (from === 0) return;
    this.#held = this.#held.subarray(from);
    this.#offset += from;
    this.#at -= from;
    this.#textStart -= from;
    this.#start = Math.max(0, this.#start - from);
  }

  #isOver(): boolean {
    return this.#over;
  }

  #malformed(malformed: string): Malformed {
    this.#over = true;
    return { malformed, offset: this.#offset + this.#start };
  }
}

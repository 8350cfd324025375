import type { ItemEnd, ItemHeader, ItemSink } from '../artifacts/item.ts';
import { OperationError } from '../output/errors.ts';
import type { Blind } from './pod-diff.ts';
import type { WalkReader } from './walk-reader.ts';

/** Passes the items of diff.sh on to the evidence and reads the walk in them while it passes; lists of mounts only pass. */
export class WalkSink implements ItemSink {
  readonly #next: ItemSink;
  readonly #reader: WalkReader;
  readonly #blind: Blind[] = [];
  #ofLayers = false;
  #inWalk = false;
  #walked = false;
  #failed = false;

  constructor(next: ItemSink, reader: WalkReader) {
    this.#next = next;
    this.#reader = reader;
  }

  /** Why the walk is not whole, if it is not; ask when the stream is over. */
  get blind(): readonly Blind[] {
    return this.#walked || this.#blind.length > 0
      ? this.#blind
      : [{ what: 'file system', why: 'the node sent nothing of the walk' }];
  }

  async begin(header: ItemHeader): Promise<void> {
    this.#ofLayers = header.artifact === 'container-diff';
    this.#inWalk = this.#ofLayers && header.name.toString('latin1').endsWith('/diff/walk.txt');
    await this.#next.begin(header);
  }

  async write(chunk: Buffer): Promise<void> {
    await this.#next.write(chunk);
    if (this.#inWalk) await this.#try(() => this.#reader.write(chunk));
  }

  async end(end: ItemEnd): Promise<void> {
    await this.#next.end(end);
    if (this.#ofLayers && end.outcome !== 'ok')
      this.#blind.push({ what: 'file system', why: `${end.outcome}: ${end.detail ?? 'no reason given'}` });
    else if (this.#inWalk) await this.#try(() => this.#reader.end());
    this.#walked ||= this.#inWalk;
  }

  /** What cannot be read is in the evidence all the same. */
  async #try(read: () => Promise<void>): Promise<void> {
    if (this.#failed) return;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.#failed = true;
      this.#blind.push({ what: 'file system', why: error.message });
    }
  }
}

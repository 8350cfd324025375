import type { ItemSink } from '../artifacts/item.ts';
import { FrameParser } from './frames.ts';
import type { FrameEvent } from './frames.ts';

/** Drives a sink from a framed stream, one awaited call at a time. */
export class Delivery {
  readonly #parser: FrameParser;
  readonly #sink: ItemSink;
  #bytes = 0;
  #exitCode: number | undefined;
  /** True while the sink holds an item that has not been ended. */
  #open = false;
  #sinkFailed = false;

  constructor(token: string, sink: ItemSink) {
    this.#parser = new FrameParser(token);
    this.#sink = sink;
  }

  /** Bytes of items delivered. */
  get bytes(): number {
    return this.#bytes;
  }

  get items(): number {
    return this.#parser.items;
  }

  /** True when it was the sink that threw: nothing more is given to it. */
  get sinkFailed(): boolean {
    return this.#sinkFailed;
  }

  /** Exit code of the script; undefined until the stream is complete. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /**
   * Delivers what a piece of the stream completes. Undefined when that is nothing yet: most pieces complete no block, and a
   * promise would pause the stream for nothing. Throws FrameError, or what the sink throws.
   */
  write(chunk: Buffer): Promise<void> | undefined {
    const events = this.#parser.push(chunk);
    const { done, value } = events.next();
    return done === true ? undefined : this.#deliverAll(value, events);
  }

  async #deliverAll(first: FrameEvent, events: Iterable<FrameEvent>): Promise<void> {
    await this.#try(first);
    for (const event of events) await this.#try(event);
  }

  async #try(event: FrameEvent): Promise<void> {
    try {
      await this.#deliver(event);
    } catch (error) {
      this.#sinkFailed = true;
      throw error;
    }
  }

  async #deliver(event: FrameEvent): Promise<void> {
    switch (event.kind) {
      case 'begin':
        await this.#sink.begin(event.header);
        this.#open = true;
        break;
      case 'data':
        await this.#sink.write(event.chunk);
        this.#bytes += event.chunk.length;
        break;
      case 'end':
        this.#open = false;
        await this.#sink.end(event.end);
        break;
      case 'over':
        this.#exitCode = event.exitCode;
    }
  }

  /** Ends the item that was cut off, if any, as truncated, so that the sink keeps what arrived of it. */
  async cut(reason: string): Promise<void> {
    if (!this.#open || this.#sinkFailed) return;
    this.#open = false;
    await this.#sink.end({ outcome: 'truncated', length: this.#parser.openLength ?? 0, detail: reason });
  }
}

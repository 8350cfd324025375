import type { ItemEnd, ItemHeader, ItemSink } from '../artifacts/item.ts';
import { type Sample, SampleBuilder } from '../artifacts/sample.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';

const root = '[root]';
/** The files of a sample are small; one that is not is no figure. */
const mostBytes = 1024 * 1024;

/** Passes items on and reads a sample from them. */
class SampleSink implements ItemSink {
  readonly builder = new SampleBuilder();
  readonly #next: ItemSink | undefined;
  #name = '';
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(next: ItemSink | undefined) {
    this.#next = next;
  }

  async begin(header: ItemHeader): Promise<void> {
    await this.#next?.begin(header);
    this.#name = header.name.toString('latin1');
    this.#chunks = [];
    this.#length = 0;
  }

  async write(chunk: Buffer): Promise<void> {
    await this.#next?.write(chunk);
    this.#length += chunk.length;
    if (this.#length <= mostBytes) this.#chunks.push(Buffer.from(chunk));
  }

  async end(end: ItemEnd): Promise<void> {
    await this.#next?.end(end);
    if (end.outcome === 'ok' && this.#length <= mostBytes && this.#name.startsWith(root))
      this.builder.add(this.#name.slice(root.length), Buffer.concat(this.#chunks));
  }
}

/** Takes one sample of a node, of some pods or of all; what it is read from goes into `keep`, too. */
export async function takeSample(
  collector: Collector,
  uids: readonly string[],
  keep: ItemSink | undefined,
  signal: AbortSignal,
): Promise<Sample> {
  const sink = new SampleSink(keep);
  await collector.collect('stats', uids, sink, signal);
  const sample = sink.builder.sample();
  if (sample === undefined) throw new OperationError(`node ${collector.identity.node} gave no figures`);
  return sample;
}

import type { Outcome } from '../artifacts/item.ts';
import type { AcquisitionRecord, Gap } from './acquisition-record.ts';
import type { ItemRecord } from './item-record.ts';

const maxGaps = 1000;

/** Counts the items of an acquisition as they end. */
export class ItemTally {
  readonly #outcomes: Partial<Record<Outcome, number>> = {};
  readonly #gaps: Gap[] = [];
  #count = 0;
  #bytes = 0;
  #sensitive = 0;
  #secrets = 0;
  #gapCount = 0;

  add(record: ItemRecord): void {
    this.#count += 1;
    this.#bytes += record.size;
    if (record.sensitive === true) this.#sensitive += 1;
    this.#outcomes[record.outcome] = (this.#outcomes[record.outcome] ?? 0) + 1;
    if (record.outcome === 'ok') return;
    if (record.outcome === 'skipped' && record.detail?.startsWith('secret') === true) this.#secrets += 1;
    this.#gapCount += 1;
    if (this.#gaps.length === maxGaps) return;
    const { item, artifact, name, outcome, detail } = record;
    this.#gaps.push({ item, artifact, name, outcome, ...(detail === undefined ? {} : { detail }) });
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The counted part of acquisition.json; `sha256` is that of items.jsonl. */
  summary(sha256: string): Pick<AcquisitionRecord, 'items' | 'gaps' | 'gapCount'> {
    return {
      items: {
        count: this.#count,
        bytes: this.#bytes,
        sensitive: this.#sensitive,
        secrets: this.#secrets,
        sha256,
        outcomes: this.#outcomes,
      },
      gaps: this.#gaps,
      gapCount: this.#gapCount,
    };
  }
}

import type { ChangeKind } from './pod-diff.ts';

/** Where a change lies in its log, and what the order and the counts need of it. */
export interface Indexed {
  readonly offset: number;
  readonly length: number;
  /** 0 to 100. */
  readonly rank: number;
  /** Milliseconds since the epoch; Infinity when no time is known. */
  readonly time: number;
  readonly kind: ChangeKind;
  readonly runtime: boolean;
}

const kinds: readonly ChangeKind[] = [
  'added',
  'deleted',
  'modified',
  'metadata',
  'touched',
  'renamed',
  'typechanged',
];
const gone = -1;
const pageLength = 4096;

/** The columns of some thousand changes. */
interface Page {
  readonly offset: Float64Array;
  readonly time: Float64Array;
  readonly length: Uint32Array;
  readonly rank: Uint8Array;
  readonly kind: Int8Array;
  readonly runtime: Uint8Array;
}

/** The places of many changes by their numbers, in 23 bytes each: as objects they would be most of what a large diff takes. */
export class ChangeIndex {
  readonly #pages: Page[] = [];
  #count = 0;
  /** As long as nothing changes: a diff is read three times. */
  #order: Uint32Array | undefined;

  add(place: Indexed): number {
    if (this.#count === this.#pages.length * pageLength) this.#pages.push(emptyPage());
    this.#count += 1;
    this.set(this.#count - 1, place);
    return this.#count - 1;
  }

  set(number: number, { offset, length, rank, time, kind, runtime }: Indexed): void {
    this.#order = undefined;
    const [page, at] = this.#at(number);
    page.offset[at] = offset;
    page.length[at] = length;
    page.rank[at] = rank;
    page.time[at] = time;
    page.kind[at] = kinds.indexOf(kind);
    page.runtime[at] = runtime ? 1 : 0;
  }

  drop(number: number): void {
    this.#order = undefined;
    const [page, at] = this.#at(number);
    page.kind[at] = gone;
  }

  /** Undefined for what was dropped or never there. */
  get(number: number): Indexed | undefined {
    if (number >= this.#count) return undefined;
    const [page, at] = this.#at(number);
    const kind = kinds[page.kind[at] ?? gone];
    if (kind === undefined) return undefined;
    return {
      offset: page.offset[at] ?? 0,
      length: page.length[at] ?? 0,
      rank: page.rank[at] ?? 0,
      time: page.time[at] ?? 0,
      kind,
      runtime: page.runtime[at] === 1,
    };
  }

  /** What is there, by number. */
  *[Symbol.iterator](): Generator<Indexed, void> {
    for (let number = 0; number < this.#count; number += 1) {
      const place = this.get(number);
      if (place !== undefined) yield place;
    }
  }

  /** Numbers of what is there: the highest rank first, then the earliest, then as they lie in the log. */
  order(): Uint32Array {
    this.#order ??= this.#sorted();
    return this.#order;
  }

  #sorted(): Uint32Array {
    const numbers = new Uint32Array(this.#count);
    let length = 0;
    for (let number = 0; number < this.#count; number += 1)
      if (this.#number(number, 'kind') !== gone) {
        numbers[length] = number;
        length += 1;
      }
    return numbers
      .subarray(0, length)
      .sort(
        (a, b) =>
          this.#number(b, 'rank') - this.#number(a, 'rank') ||
          compare(this.#number(a, 'time'), this.#number(b, 'time')) ||
          this.#number(a, 'offset') - this.#number(b, 'offset'),
      );
  }

  #number(number: number, column: keyof Page): number {
    const [page, at] = this.#at(number);
    return page[column][at] ?? 0;
  }

  #at(number: number): readonly [Page, number] {
    const page = this.#pages[Math.floor(number / pageLength)];
    if (page === undefined) throw new Error(`change ${number} was never added`);
    return [page, number % pageLength];
  }
}

function emptyPage(): Page {
  return {
    offset: new Float64Array(pageLength),
    time: new Float64Array(pageLength),
    length: new Uint32Array(pageLength),
    rank: new Uint8Array(pageLength),
    kind: new Int8Array(pageLength),
    runtime: new Uint8Array(pageLength),
  };
}

/** Not a difference: that of two Infinities is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

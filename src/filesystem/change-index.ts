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
const columns = 6;
const [offsetAt, lengthAt, rankAt, timeAt, kindAt, runtimeAt] = [0, 1, 2, 3, 4, 5] as const;
const gone = -1;

/** The places of many changes by their numbers, in 48 bytes each: as objects they would be most of what a large diff takes. */
export class ChangeIndex {
  #table = new Float64Array(columns * 256);
  #count = 0;

  add(place: Indexed): number {
    if (this.#count * columns === this.#table.length) {
      const larger = new Float64Array(this.#table.length * 2);
      larger.set(this.#table);
      this.#table = larger;
    }
    this.#count += 1;
    this.set(this.#count - 1, place);
    return this.#count - 1;
  }

  set(number: number, { offset, length, rank, time, kind, runtime }: Indexed): void {
    this.#table.set([offset, length, rank, time, kinds.indexOf(kind), runtime ? 1 : 0], number * columns);
  }

  drop(number: number): void {
    this.#table[number * columns + kindAt] = gone;
  }

  /** Undefined for what was dropped or never there. */
  get(number: number): Indexed | undefined {
    if (number >= this.#count) return undefined;
    const kind = kinds[this.#at(number, kindAt)];
    if (kind === undefined) return undefined;
    return {
      offset: this.#at(number, offsetAt),
      length: this.#at(number, lengthAt),
      rank: this.#at(number, rankAt),
      time: this.#at(number, timeAt),
      kind,
      runtime: this.#at(number, runtimeAt) === 1,
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
    const numbers = Uint32Array.from({ length: this.#count }, (_, number) => number).filter(
      (number) => this.#at(number, kindAt) !== gone,
    );
    return numbers.sort(
      (a, b) =>
        this.#at(b, rankAt) - this.#at(a, rankAt) ||
        compare(this.#at(a, timeAt), this.#at(b, timeAt)) ||
        this.#at(a, offsetAt) - this.#at(b, offsetAt),
    );
  }

  #at(number: number, column: number): number {
    return this.#table[number * columns + column] ?? 0;
  }
}

/** Not a difference: that of two Infinities is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

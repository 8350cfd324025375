import type { Merged } from '../../merged.ts';
import { isMoment } from '../../moment.ts';
import type { Moment, TimelinePart } from '../facts/timeline.ts';
import { placeKey } from './changes.ts';

/** Moments of one source that are told. */
const mostOfSource = 30;
/** Columns that are counted; when time goes on behind them two become one. */
const mostColumns = 240;

/** What makes an event one of the incident: it is about one of its pods, or about a path that a finding names. */
export interface Interest {
  /** NAMESPACE/NAME. */
  readonly pods: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  /** What runtimes made in containers, by `placeKey`; it is not of the incident. */
  readonly runtime: ReadonlySet<string>;
}

/** Reads the events of a case in their order, keeps those of interest, and counts all from the first of these on. */
export class TimelineReading {
  readonly #interest: Interest;
  readonly #moments: Moment[] = [];
  readonly #told = new Map<string, number>();
  readonly #counts = new Map<string, number[]>();
  #total = 0;
  #from: number | undefined;
  #seconds = 1;
  #last = 0;

  constructor(interest: Interest) {
    this.#interest = interest;
  }

  add({ event }: Merged): void {
    const { time, source, node, pod, container, message } = event;
    // What responders did is no evidence of the incident, and goes on long after it.
    if (!isMoment(time) || source === 'custody') return;
    const wanted = this.#isWanted(event);
    const at = Math.floor(Date.parse(`${time.slice(0, 19)}Z`) / 1000);
    if (wanted) this.#from ??= at;
    if (this.#from === undefined) return;
    this.#count(source, at - this.#from);
    if (!wanted) return;
    this.#total += 1;
    const told = this.#told.get(source) ?? 0;
    this.#told.set(source, told + 1);
    if (told >= mostOfSource) return;
    const inside = [pod, container].filter((part) => part !== undefined).join(' ');
    this.#moments.push({ time, source, where: inside === '' ? (node ?? '') : inside, message: cut(message) });
  }

  /** All that was read. */
  part(clocks: TimelinePart['clocks'], command: string): TimelinePart {
    const columns = Math.floor(this.#last / this.#seconds) + 1;
    return {
      moments: { items: this.#moments, total: this.#total, command },
      ...(this.#from === undefined ? {} : { from: new Date(this.#from * 1000).toISOString() }),
      seconds: this.#seconds,
      columns: this.#from === undefined ? 0 : columns,
      counts: [...this.#counts]
        .map(([source, counts]) => ({
          source,
          counts: Array.from({ length: columns }, (_, i) => counts[i] ?? 0),
        }))
        .sort((a, b) => (a.source < b.source ? -1 : 1)),
      clocks,
    };
  }

  /** What a container can set itself, such as the time of last change, does not tell when something happened. */
  #isWanted({ source, pod, container, path, what }: Merged['event']): boolean {
    if (what === 'Content Modification Time') return false;
    if (
      source === 'container' &&
      this.#interest.runtime.has(placeKey(pod ?? '', container ?? '', path ?? ''))
    )
      return false;
    if (pod !== undefined && source !== 'file' && this.#interest.pods.has(pod)) return true;
    return path !== undefined && what !== 'Last Access Time' && this.#interest.paths.has(path);
  }

  #count(source: string, offset: number): void {
    while (offset >= this.#seconds * mostColumns) {
      for (const counts of this.#counts.values()) fold(counts);
      this.#seconds *= 2;
    }
    this.#last = Math.max(this.#last, offset);
    const counts = this.#counts.get(source) ?? new Array<number>(mostColumns).fill(0);
    this.#counts.set(source, counts);
    const column = Math.floor(offset / this.#seconds);
    counts[column] = (counts[column] ?? 0) + 1;
  }
}

/** Each two columns become one. */
function fold(counts: number[]): void {
  for (let i = 0; i < mostColumns; i += 1)
    counts[i] = i * 2 < mostColumns ? (counts[i * 2] ?? 0) + (counts[i * 2 + 1] ?? 0) : 0;
}

const longest = 240;

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

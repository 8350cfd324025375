import type { ItemRecord } from '../evidence/item-record.ts';
import { readCustody } from '../evidence/custody-log.ts';
import type { SortedLines } from '../evidence/sorted-lines.ts';
import { type ClockReading, type NodeClock, nodeClocks } from '../incident/clock.ts';
import { custodyEvent } from '../incident/custody-events.ts';
import type { TimelineEvent } from '../incident/event.ts';
import { eventLine } from '../incident/event-line.ts';
import type { Evidence } from '../incident/merged.ts';
import { earlier, isMoment, momentKey } from '../incident/moment.ts';
import { isAbout, type TimelineSubject } from '../incident/subject.ts';
import { terminalLine } from '../output/line.ts';
import { type OpenAcquisition, podNames, sourcesOf, type TimelineShortfall } from './timeline-sources.ts';

/** What is wanted of a timeline. */
export interface TimelineChoice {
  /** RFC 3339 in UTC, by the responder's clock; the first moment that is wanted and the first that is not any more. */
  readonly from?: string;
  readonly to?: string;
  readonly subject?: TimelineSubject;
}

/** What was gathered beside the lines. */
export interface Gathered {
  readonly clocks: readonly NodeClock[];
  /** Events that are in the lines. */
  readonly count: number;
  /** Events whose time is none of the years 0000 to 9999, or none at all. */
  readonly timeless: number;
  /** Events of lines of logs that have neither year nor zone. */
  readonly assumed: number;
  /** What the number behind a line stands for; undefined when the item is not what was collected. */
  readonly evidenceOf: (item: number) => Evidence | undefined;
}

/** Events between two looks at the signal. */
const looks = 4096;

/** Puts the events of a case into `lines`, corrected and chosen. */
export async function gatherEvents(
  caseDir: string,
  acquisitions: readonly OpenAcquisition[],
  choice: TimelineChoice,
  lines: SortedLines,
  shortfall: TimelineShortfall,
  signal: AbortSignal,
): Promise<Gathered> {
  const clocks = nodeClocks(acquisitions.flatMap(clockReadings));
  const pods = new Map<string, string>();
  for (const acquisition of acquisitions) await podNames(acquisition, pods, shortfall);
  const sieve = new Sieve(choice, lines, signal);
  const places: (Evidence | undefined)[] = [];
  for (const acquisition of acquisitions)
    for (const { item, foreignClock, batches } of sourcesOf(acquisition, (uid) => pods.get(uid), shortfall)) {
      const number = places.push(evidence(acquisition.name, item)) - 1;
      const node = acquisition.reader.info.node ?? '';
      const skew = foreignClock === true ? 0 : (clocks.get(node)?.correctedMs ?? 0);
      const before = shortfall.damaged.length;
      for await (const batch of batches) for (const event of batch) sieve.add(event, skew, number);
      if (shortfall.damaged.length > before) places[number] = undefined;
    }
  const custody = places.push({ acquisition: 'custody' }) - 1;
  const { broken } = await readCustody(caseDir, (line) => sieve.add(custodyEvent(line), 0, custody));
  if (broken !== undefined) shortfall.damaged.push(`custody is broken: ${broken}`);
  const { count, timeless, assumed } = sieve;
  return { clocks: [...clocks.values()], count, timeless, assumed, evidenceOf: (item) => places[item] };
}

function evidence(acquisition: string, item: ItemRecord | undefined): Evidence {
  return item === undefined
    ? { acquisition }
    : { acquisition, item: item.item, name: terminalLine(item.name) };
}

/** What was measured before an acquisition and after it. */
function clockReadings({ name, reader }: OpenAcquisition): ClockReading[] {
  const { node, clock, clockAfter } = reader.info;
  if (node === undefined) return [];
  const measured = [clock, clockAfter].filter((one) => one !== undefined);
  if (measured.length === 0) return [{ acquisition: name, node }];
  return measured.map(({ skewMs, roundTripMs }) => ({ acquisition: name, node, skewMs, roundTripMs }));
}

/** Corrects the times of events and lets through what is wanted. */
class Sieve {
  readonly #choice: TimelineChoice;
  readonly #lines: SortedLines;
  readonly #signal: AbortSignal;
  #looked = 0;
  count = 0;
  timeless = 0;
  assumed = 0;

  constructor(choice: TimelineChoice, lines: SortedLines, signal: AbortSignal) {
    this.#choice = choice;
    this.#lines = lines;
    this.#signal = signal;
  }

  add(found: TimelineEvent, skewMs: number, item: number): void {
    this.#looked += 1;
    if (this.#looked % looks === 0) this.#signal.throwIfAborted();
    const { from, to, subject } = this.#choice;
    if (subject !== undefined && !isAbout(found, subject)) return;
    const event = isMoment(found.time) ? corrected(found, skewMs) : undefined;
    if (event === undefined) {
      this.timeless += 1;
      return;
    }
    const key = momentKey(event.time);
    if ((from !== undefined && key < momentKey(from)) || (to !== undefined && key >= momentKey(to))) return;
    if (event.assumed !== undefined) this.assumed += 1;
    this.count += 1;
    this.#lines.add(eventLine(event, item));
  }
}

function corrected(event: TimelineEvent, skewMs: number): TimelineEvent | undefined {
  if (skewMs === 0) return event;
  const time = earlier(event.time, skewMs);
  return time === undefined ? undefined : { ...event, time, written: event.time };
}

import type { TimelineEvent } from './event.ts';
import type { Evidence, Merged } from './merged.ts';
import { momentKey } from './moment.ts';

/** Items that are named beside an event. */
const mostEvidence = 8;

/**
 * An event as a line that sorts by time and puts what is the same event beside each other: the moment, the event, and behind
 * a tab the number of the item that it came from. No JSON text has a bare tab or newline.
 */
export function eventLine(event: TimelineEvent, item: number): string {
  return `${momentKey(event.time)}${JSON.stringify(event)}\t${item}`;
}

/** Length of what `momentKey` gives. */
const keyLength = 29;

/**
 * The events of sorted lines, equal ones as one. `evidenceOf` tells what the number of an item stands for; undefined leaves
 * out what it told. The same event several times in one item happened several times; in several items, once.
 */
export function* mergedEvents(
  lines: Iterable<string>,
  evidenceOf: (item: number) => Evidence | undefined,
): Generator<Merged, void> {
  let text = '';
  let items = new Map<number, number>();
  const merge = (): Merged | undefined => {
    const evidence: Evidence[] = [];
    let seen = 0;
    let count = 0;
    for (const [item, times] of items) {
      const one = evidenceOf(item);
      if (one === undefined) continue;
      seen += 1;
      count = Math.max(count, times);
      if (evidence.length < mostEvidence) evidence.push(one);
    }
    if (seen === 0) return undefined;
    return { event: JSON.parse(text.slice(keyLength)) as TimelineEvent, evidence, seen, count };
  };
  for (const line of lines) {
    const tab = line.lastIndexOf('\t');
    const item = Number(line.slice(tab + 1));
    const same = tab === text.length && line.startsWith(text);
    if (!same) {
      const merged = merge();
      if (merged !== undefined) yield merged;
      text = line.slice(0, tab);
      items = new Map();
    }
    items.set(item, (items.get(item) ?? 0) + 1);
  }
  const last = merge();
  if (last !== undefined) yield last;
}

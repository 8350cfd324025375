import type { Merged } from '../incident/merged.ts';
import type { NodeClock } from '../incident/clock.ts';
import { bodyfileLine } from '../incident/mactime.ts';
import { fitsTimesketch, timesketchEvent, timesketchRow } from '../incident/timesketch.ts';
import { type Io, writeChunk, writeLine } from '../output/io.ts';
import { escapeUnprintable } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';

export const timelineFormats = ['table', 'json', 'bodyfile', 'timesketch-jsonl', 'timesketch-csv'] as const;
export type TimelineFormat = (typeof timelineFormats)[number];

/** What came of printing. */
export interface Printed {
  readonly printed: number;
  /** Events whose time the format can't hold. */
  readonly leftOut: number;
}

/** Characters that are written at once. */
const writtenAtOnce = 64 * 1024;
/** Rows that are laid out at once: what comes later may have other widths, so that nothing is held whole. */
const rowsAtOnce = 500;
const longestCell = 200;

/** Prints events as they come, with backpressure. */
export async function printTimeline(
  io: Io,
  format: TimelineFormat,
  clocks: readonly NodeClock[],
  events: Iterable<Merged>,
): Promise<Printed> {
  switch (format) {
    case 'table':
      return printTable(io, events);
    case 'json':
      return printDocument(io, clocks, events);
    case 'bodyfile':
      return printTexts(io, events, bodyfileLine);
    case 'timesketch-jsonl':
      return printTexts(io, events, (merged) =>
        fitsTimesketch(merged.event) ? `${json(timesketchEvent(merged))}\n` : undefined,
      );
    case 'timesketch-csv':
      await writeChunk(io.stdout, timesketchRow());
      return printTexts(io, events, (merged) =>
        fitsTimesketch(merged.event) ? timesketchRow(merged) : undefined,
      );
  }
}

/** Each event as a text of its own; undefined leaves it out. */
async function printTexts(
  io: Io,
  events: Iterable<Merged>,
  textOf: (merged: Merged) => string | undefined,
): Promise<Printed> {
  let texts: string[] = [];
  let size = 0;
  let printed = 0;
  let leftOut = 0;
  for (const merged of events) {
    const text = textOf(merged);
    if (text === undefined) {
      leftOut += 1;
      continue;
    }
    printed += 1;
    texts.push(text);
    size += text.length;
    if (size < writtenAtOnce) continue;
    await writeChunk(io.stdout, texts.join(''));
    texts = [];
    size = 0;
  }
  if (size > 0) await writeChunk(io.stdout, texts.join(''));
  return { printed, leftOut };
}

/** One document whose `items` are a line each: schema/timeline.json. */
async function printDocument(
  io: Io,
  clocks: readonly NodeClock[],
  events: Iterable<Merged>,
): Promise<Printed> {
  const head = json({ apiVersion: 'kubectl-ir/v1', kind: 'Timeline', clocks }).slice(0, -1);
  await writeChunk(io.stdout, `${head},"items":[`);
  let separator = '\n';
  const printed = await printTexts(io, events, ({ event, evidence, seen, count }) => {
    const text = `${separator}${json({ ...event, count, seen, evidence })}`;
    separator = ',\n';
    return text;
  });
  await writeChunk(io.stdout, '\n]}\n');
  return printed;
}

async function printTable(io: Io, events: Iterable<Merged>): Promise<Printed> {
  const headers = ['TIME', 'SOURCE', 'WHERE', 'PID', 'USER', 'WHAT'];
  let rows: string[][] = [];
  let printed = 0;
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    const text = renderTable(headers, rows);
    await writeLine(io.stdout, printed > rows.length ? text.slice(text.indexOf('\n') + 1) : text);
    rows = [];
  };
  for (const merged of events) {
    rows.push(row(merged));
    printed += 1;
    if (rows.length === rowsAtOnce) await flush();
  }
  await flush();
  return { printed, leftOut: 0 };
}

function row({ event, count }: Merged): string[] {
  const { time, source, node, pod, container, pid, user, message } = event;
  const inside = [pod, container].filter((part) => part !== undefined).join(' ');
  const times = count === 1 ? '' : ` (${count} times)`;
  return [
    event.assumed === undefined ? time : `${time}?`,
    source,
    inside === '' ? (node ?? '-') : inside,
    pid === undefined ? '-' : String(pid),
    user === undefined ? '-' : cut(user),
    `${cut(message)}${times}`,
  ];
}

function cut(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell)}...` : text;
}

const plain = /^[ -~]*$/;

/** On one line, without a character that steers a terminal. */
function json(value: unknown): string {
  const text = JSON.stringify(value);
  return plain.test(text) ? text : escapeUnprintable(text);
}

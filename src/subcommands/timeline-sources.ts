import type { ParserName } from '../artifacts/artifact.ts';
import { artifactOf } from '../artifacts/catalogue.ts';
import { JoinedTables, type RunningProcess } from '../artifacts/joined.ts';
import { jsonObject, type JsonObject } from '../artifacts/json.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { parsers } from '../artifacts/parsers.ts';
import { PodDiffPieces } from '../artifacts/pod-diff.ts';
import { findKind } from '../artifacts/kinds.ts';
import { readFailure } from '../evidence/durable-file.ts';
import { exhibitsOf, noteGap, type Shortfall } from '../evidence/exhibits.ts';
import { itemName, type ItemRecord } from '../evidence/item-record.ts';
import type { AcquisitionReader } from '../evidence/reader.ts';
import { readBatches } from '../evidence/records.ts';
import { apiObjectEvents, podsOfList } from '../incident/api-events.ts';
import { DiffEvents } from '../incident/diff-events.ts';
import type { EventPlace, TimelineEvent } from '../incident/event.ts';
import { processEvents } from '../incident/process-events.ts';
import { eventsOfRecord, hasEvents, podOfLog } from '../incident/record-events.ts';
import { terminalLine } from '../output/line.ts';
import { OperationError, VerificationError } from '../output/errors.ts';

/** An acquisition of the case that could be opened. */
export interface OpenAcquisition {
  readonly name: string;
  readonly reader: AcquisitionReader;
}

/** Events of one item of an acquisition; what is joined of many items has no item. */
export interface SourceEvents {
  readonly item?: ItemRecord;
  /** True where times are not those of the node's clock. */
  readonly foreignClock?: boolean;
  /** As many at once as a piece of the item has; each to be read before the next one is asked for. */
  readonly batches: AsyncIterable<Iterable<TimelineEvent>>;
}

/** What could not be shown, beside what `show` tells: items that are not what was collected. */
export interface TimelineShortfall extends Shortfall {
  readonly damaged: string[];
}

const podDiff = 'live_response/pod-diff.json';
const eventList = /^live_response\/kubernetes\/events(?:-[0-9]+)?\.json$/;
const podList = /^live_response\/kubernetes\/pods(?:-before)?(?:-[0-9]+)?\.json$/;
/** A page of a list of the API server is not longer. */
const longestPage = 64 * 1024 * 1024;

/** NAMESPACE/NAME of pods by their uids, from the names of their logs and the lists of an acquisition. */
export async function podNames(
  { reader }: OpenAcquisition,
  names: Map<string, string>,
  shortfall: TimelineShortfall,
): Promise<void> {
  for (const item of reader.items) {
    const { pod, uid } = podOfLog(item.name);
    if (pod !== undefined && uid !== undefined) names.set(uid, pod);
    if (!podList.test(item.name) || item.offset === undefined) continue;
    const list = await wholeList(reader, item, shortfall);
    for (const [of, name] of podsOfList(list)) names.set(of, name);
  }
}

/**
 * Everything of an acquisition that has a time, item by item in the order in which they were collected. What is damaged,
 * missing or no record is added to `shortfall` while the events are read, and reading goes on behind it.
 */
export function* sourcesOf(
  acquisition: OpenAcquisition,
  podOf: EventPlace['podOf'],
  shortfall: TimelineShortfall,
): Generator<SourceEvents, void> {
  const { reader } = acquisition;
  const { node } = reader.info;
  const placeOf = (item: ItemRecord): EventPlace => ({
    item: terminalLine(item.name),
    collected: item.collected,
    ...podOfLog(item.name),
    podOf,
    ...(node === undefined ? {} : { node: terminalLine(node) }),
  });
  if (reader.items.some(({ name }) => JoinedTables.wants(Buffer.from(name))))
    yield { batches: guarded(processes(acquisition, podOf, shortfall), 'processes', shortfall) };
  for (const item of reader.items) {
    const parser = artifactOf(itemName(item), item.artifact)?.parser;
    const api = eventList.test(item.name);
    const diff = item.name === podDiff;
    if (!api && !diff && !hasEvents(parser)) continue;
    noteGap(shortfall, item);
    if (item.offset === undefined || item.type !== 'file') continue;
    const place = placeOf(item);
    const events = api
      ? apiEvents(reader, item, shortfall)
      : diff
        ? diffEvents(reader, item, place, shortfall)
        : recordEvents(reader, item, parser, place, shortfall);
    yield { item, batches: guarded(events, item.name, shortfall), ...(api ? { foreignClock: true } : {}) };
  }
}

/** Ends at an item that is not what was collected or can't be read, and tells. */
async function* guarded(
  batches: AsyncIterable<Iterable<TimelineEvent>>,
  name: string,
  shortfall: TimelineShortfall,
): AsyncGenerator<Iterable<TimelineEvent>, void> {
  const state = { failed: false };
  const fail = (error: unknown): void => {
    state.failed = true;
    note(error, name, shortfall);
  };
  try {
    for await (const batch of batches) {
      yield readable(batch, fail);
      if (state.failed) return;
    }
  } catch (error) {
    fail(error);
  }
}

function* readable<T>(values: Iterable<T>, failed: (error: unknown) => void): Generator<T, void> {
  try {
    yield* values;
  } catch (error) {
    failed(error);
  }
}

/** Adds a failure to what could not be shown. Throws it when it is none of evidence. */
function note(error: unknown, name: string, { damaged, gaps }: TimelineShortfall): void {
  if (error instanceof VerificationError) {
    damaged.push(error.message);
    return;
  }
  const reason = error instanceof OperationError ? error.message : readFailure(error);
  if (reason === undefined) throw error;
  gaps.push(`${name}: ${reason}`);
}

async function* processes(
  { name, reader }: OpenAcquisition,
  podOf: EventPlace['podOf'],
  shortfall: TimelineShortfall,
): AsyncGenerator<Iterable<TimelineEvent>, void> {
  const kind = findKind('processes');
  if (kind === undefined) return;
  const { node } = reader.info;
  const place = {
    item: '',
    collected: reader.info.started,
    podOf,
    ...(node === undefined ? {} : { node: terminalLine(node) }),
  };
  for await (const { record } of exhibitsOf(kind, name, reader, shortfall))
    yield processEvents(record as RunningProcess, place);
}

async function* recordEvents(
  reader: AcquisitionReader,
  item: ItemRecord,
  name: ParserName | undefined,
  place: EventPlace,
  shortfall: TimelineShortfall,
): AsyncGenerator<Iterable<TimelineEvent>, void> {
  if (name === undefined || name === 'process' || name === 'sockets') return;
  const malformed = new Malformations(item.name, shortfall);
  const events = function* (records: Iterable<object>): Generator<TimelineEvent, void> {
    for (const record of records)
      if (isMalformed(record)) malformed.add(record.malformed, record.offset);
      else yield* eventsOfRecord(name, record, place);
  };
  for await (const batch of readBatches({ acquisition: reader, item, parser: parsers[name] }))
    yield events(batch);
  malformed.tell();
}

async function* apiEvents(
  reader: AcquisitionReader,
  item: ItemRecord,
  shortfall: TimelineShortfall,
): AsyncGenerator<Iterable<TimelineEvent>, void> {
  const bytes = await reader.bytes(item, longestPage);
  const { events, malformed } = apiObjectEvents(jsonObject(bytes));
  for (const reason of malformed) shortfall.malformed.push(`${item.name}: ${reason}`);
  yield events;
}

async function* diffEvents(
  reader: AcquisitionReader,
  item: ItemRecord,
  place: EventPlace,
  shortfall: TimelineShortfall,
): AsyncGenerator<Iterable<TimelineEvent>, void> {
  const pieces = new PodDiffPieces();
  const made = new DiffEvents(place);
  const malformed = new Malformations(item.name, shortfall);
  for await (const chunk of reader.read(item) as AsyncIterable<Buffer>)
    for (const piece of pieces.write(chunk))
      if (isMalformed(piece)) malformed.add(piece.malformed, piece.offset);
      else yield made.of(piece);
  for (const { malformed: reason, offset } of pieces.end()) malformed.add(reason, offset);
  malformed.tell();
}

async function wholeList(
  reader: AcquisitionReader,
  item: ItemRecord,
  shortfall: TimelineShortfall,
): Promise<JsonObject | undefined> {
  try {
    return jsonObject(await reader.bytes(item, longestPage));
  } catch (error) {
    note(error, item.name, shortfall);
    return undefined;
  }
}

/** Counts the pieces of one item that are no records. */
class Malformations {
  readonly #name: string;
  readonly #shortfall: TimelineShortfall;
  #count = 0;
  #first = '';

  constructor(name: string, shortfall: TimelineShortfall) {
    this.#name = name;
    this.#shortfall = shortfall;
  }

  add(reason: string, offset: number): void {
    if (this.#count === 0) this.#first = `${reason}, at byte ${offset}`;
    this.#count += 1;
  }

  tell(): void {
    if (this.#count === 0) return;
    this.#shortfall.malformed.push(
      `${this.#name}: ${this.#count} of its pieces ${this.#count === 1 ? 'is no record' : 'are no records'}; the first: ${this.#first}`,
    );
  }
}

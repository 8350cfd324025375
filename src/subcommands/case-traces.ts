import { JournalNumbers } from '../artifacts/journal-numbers.ts';
import { parsers } from '../artifacts/parsers.ts';
import type { AcquisitionRecord } from '../evidence/acquisition-record.ts';
import { openWhole } from '../evidence/exhibits.ts';
import { parserOf } from '../evidence/item-parser.ts';
import { itemName, type ItemRecord } from '../evidence/item-record.ts';
import { nodePhases } from '../evidence/phases.ts';
import type { AcquisitionReader } from '../evidence/reader.ts';
import { readBatches } from '../evidence/records.ts';
import type { Ask } from '../findings/need.ts';
import { type BookItem, TraceBook } from '../findings/trace-book.ts';
import { isFirst, isJournal, type Wanted, wantedOf } from '../findings/wanted.ts';
import { OperationError, VerificationError } from '../output/errors.ts';

/** What rules read of a case, and what of it can't be believed. */
export interface CaseTraces {
  /** One for each node, by its name. */
  readonly books: readonly TraceBook[];
  /** Items that are not what was collected, and acquisitions that are none any more; a sentence each. */
  readonly damaged: readonly string[];
  /** Acquisitions that can't be read here, for want of a right or as a newer program wrote them; a sentence each. */
  readonly denied: readonly string[];
}

/**
 * Reads what rules need of a case, or of the acquisitions chosen by name. What is damaged is left out and told, all else is
 * read. Throws OperationError when there is no case.
 */
export async function readTraces(
  dir: string,
  signal: AbortSignal,
  chosen?: (acquisition: string) => boolean,
): Promise<CaseTraces> {
  const books = new Map<string, TraceBook>();
  const { opened, closed, denied } = await openWhole(dir);
  const damaged = chosen === undefined ? [...closed] : [];
  for (const { name, reader } of opened) {
    if (chosen?.(name) === false) continue;
    const node = nodeOf(reader.info);
    const { collector, started } = reader.info;
    const book = books.get(node) ?? new TraceBook(node);
    books.set(node, book);
    const own: unknown = collector?.containerID;
    book.begin(textOf(started), typeof own === 'string' ? own : undefined, asksOf(reader.info));
    if (reader.lost !== undefined) book.addUnknown(name, reader.lost);
    for (const item of inOrder(reader.items)) {
      signal.throwIfAborted();
      const damage = await take(book, name, reader, item);
      if (damage !== undefined) damaged.push(damage);
    }
    book.end();
  }
  return {
    books: [...books.values()].sort((a, b) => (a.node < b.node ? -1 : 1)),
    damaged,
    denied: chosen === undefined ? denied : [],
  };
}

/** The node that an acquisition is of, by the API server's name. */
export function nodeOf({ node, target }: AcquisitionRecord): string {
  return textOf(node ?? target);
}

/** The case may have been in other hands: its records are of our form, and their members may be of any type. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}

/** What an acquisition asked for; undefined when its record does not say. */
function asksOf({ collection, options }: AcquisitionRecord): Ask[] | undefined {
  if (collection === 'diff') return ['diff'];
  if (collection === 'stats') return [];
  const phases: unknown = (options as typeof options | undefined)?.['phases'];
  if (!Array.isArray(phases)) return undefined;
  const known = nodePhases.filter((phase) => phases.includes(phase));
  return collection === 'pod' ? known.map((phase) => `pod ${phase}` as const) : known;
}

async function take(
  book: TraceBook,
  acquisition: string,
  reader: AcquisitionReader,
  item: ItemRecord,
): Promise<string | undefined> {
  const name = itemName(item);
  const collected = Date.parse(item.collected) / 1000;
  const taken: BookItem = {
    name,
    source: { acquisition, item: item.item, name: item.name },
    ...(item.sha256 === undefined ? {} : { sha256: item.sha256 }),
    size: item.size,
    ...(item.outcome === 'ok' ? {} : { cut: true }),
    ...(Number.isFinite(collected) ? { collected } : {}),
    ...(item.modified === undefined ? {} : { modified: Number(item.modified) / 1e9 }),
    ...(item.changed === undefined ? {} : { changed: Number(item.changed) / 1e9 }),
  };
  // Processes end while they are looked at, and a secret is left out on purpose; neither is a gap.
  if (item.outcome !== 'ok' && item.outcome !== 'vanished' && item.artifact !== 'secret')
    book.addGap(name, `${item.outcome}${item.detail === undefined ? '' : `, ${item.detail}`}`);
  if (item.target !== undefined) {
    const { target, targetBytes } = item;
    book.addLink(taken, targetBytes === undefined ? Buffer.from(target) : Buffer.from(targetBytes, 'base64'));
    return undefined;
  }
  if (item.offset === undefined || item.type !== 'file' || (item.outcome !== 'ok' && item.size === 0)) {
    if (isJournal(name.toString('latin1'))) book.addLostJournal(name, item.outcome);
    return undefined;
  }
  try {
    const wanted = await wantedItem(reader, item);
    if (wanted?.as === 'records') await reader.check(item);
    const bytes = wanted?.as === 'bytes' ? await reader.bytes(item, wanted.limit) : undefined;
    const numbers = wanted?.as === 'journal' ? await numbersOf(reader, item) : undefined;
    book.addSeen(taken);
    if (bytes !== undefined) book.addBytes(taken, bytes);
    else if (numbers !== undefined) book.addJournal(taken, numbers, item.outcome === 'ok');
    else if (wanted?.as === 'records')
      for await (const batch of readBatches({ acquisition: reader, item, parser: parsers[wanted.parser] }))
        for (const record of batch) book.addRecord(taken, wanted.parser, record);
  } catch (error) {
    // One item that is too long for its kind, or was changed, must not keep the others from being judged.
    if (!(error instanceof OperationError)) throw error;
    if (isJournal(name.toString('latin1'))) book.addLostJournal(name, error.message);
    else book.addGap(name, error.message);
    if (error instanceof VerificationError) return `${acquisition}: ${error.message}`;
  }
  return undefined;
}

/** What rules read of an item, by its name or as what it is elsewhere. */
async function wantedItem(reader: AcquisitionReader, item: ItemRecord): Promise<Wanted | undefined> {
  const named = wantedOf(itemName(item).toString('latin1'));
  if (named !== undefined) return named;
  const parser = item.artifact === 'config' ? await parserOf(reader, item) : undefined;
  return parser === 'kubelet configuration' ? { as: 'records', parser } : undefined;
}

/** All of it is read, as its digest is of all of it. */
async function numbersOf(reader: AcquisitionReader, item: ItemRecord): Promise<JournalNumbers> {
  const numbers = new JournalNumbers(item.size);
  for await (const chunk of reader.read(item) as AsyncIterable<Buffer>) numbers.push(chunk);
  return numbers;
}

function inOrder(items: readonly ItemRecord[]): readonly ItemRecord[] {
  const [first, rest] = [true, false].map((early) => items.filter(({ name }) => isFirst(name) === early));
  return [...(first ?? []), ...(rest ?? [])];
}

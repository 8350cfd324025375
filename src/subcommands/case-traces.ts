import { parsers } from '../artifacts/parsers.ts';
import type { AcquisitionRecord } from '../evidence/acquisition-record.ts';
import { openAcquisitions } from '../evidence/exhibits.ts';
import { itemName, type ItemRecord } from '../evidence/item-record.ts';
import { nodePhases } from '../evidence/phases.ts';
import type { AcquisitionReader } from '../evidence/reader.ts';
import { readRecords } from '../evidence/records.ts';
import type { Ask } from '../findings/need.ts';
import { type BookItem, TraceBook } from '../findings/trace-book.ts';
import { isFirst, wantedOf } from '../findings/wanted.ts';
import { OperationError, VerificationError } from '../output/errors.ts';

/** Reads what rules need of a case: a book for each node, by its name. Throws OperationError when there is no case. */
export async function readTraces(dir: string, signal: AbortSignal): Promise<TraceBook[]> {
  const books = new Map<string, TraceBook>();
  for (const { name, reader } of await openAcquisitions(dir)) {
    const { node = reader.info.target, collector, started } = reader.info;
    const book = books.get(node) ?? new TraceBook(node);
    books.set(node, book);
    book.begin(started, collector?.containerID, asksOf(reader.info));
    for (const item of inOrder(reader.items)) {
      signal.throwIfAborted();
      await take(book, name, reader, item);
    }
    book.end();
  }
  return [...books.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** What an acquisition asked for; undefined when its record does not say. */
function asksOf({ collection, options }: AcquisitionRecord): Ask[] | undefined {
  if (collection === 'diff') return ['diff'];
  if (collection === 'stats') return [];
  const { phases } = options;
  if (!Array.isArray(phases)) return undefined;
  const known = nodePhases.filter((phase) => phases.includes(phase));
  return collection === 'pod' ? known.map((phase) => `pod ${phase}` as const) : known;
}

async function take(
  book: TraceBook,
  acquisition: string,
  reader: AcquisitionReader,
  item: ItemRecord,
): Promise<void> {
  const name = itemName(item);
  const taken: BookItem = {
    name,
    source: { acquisition, item: item.item, name: item.name },
    ...(item.sha256 === undefined ? {} : { sha256: item.sha256 }),
    ...(item.modified === undefined ? {} : { modified: Number(item.modified) / 1e9 }),
    ...(item.changed === undefined ? {} : { changed: Number(item.changed) / 1e9 }),
  };
  // Processes end while they are looked at, and a secret is left out on purpose; neither is a gap.
  if (item.outcome !== 'ok' && item.outcome !== 'vanished' && item.artifact !== 'secret')
    book.addGap(name, `${item.outcome}${item.detail === undefined ? '' : `, ${item.detail}`}`);
  if (item.target !== undefined) {
    const { target, targetBytes } = item;
    book.addLink(taken, targetBytes === undefined ? Buffer.from(target) : Buffer.from(targetBytes, 'base64'));
    return;
  }
  if (item.offset === undefined || item.type !== 'file' || (item.outcome !== 'ok' && item.size === 0)) return;
  book.addSeen(taken);
  const wanted = wantedOf(name.toString('latin1'));
  if (wanted === undefined) return;
  try {
    if (wanted.as === 'bytes') book.addBytes(taken, await reader.bytes(item, wanted.limit));
    else
      for await (const record of readRecords({ acquisition: reader, item, parser: parsers[wanted.parser] }))
        book.addRecord(taken, wanted.parser, record);
  } catch (error) {
    // One item that is too long for its kind must not keep the others from being judged; one that was changed must.
    if (!(error instanceof OperationError) || error instanceof VerificationError) throw error;
    book.addGap(name, error.message);
  }
}

function inOrder(items: readonly ItemRecord[]): readonly ItemRecord[] {
  const [first, rest] = [true, false].map((early) => items.filter(({ name }) => isFirst(name) === early));
  return [...(first ?? []), ...(rest ?? [])];
}

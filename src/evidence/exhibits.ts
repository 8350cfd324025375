import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactOf } from '../artifacts/catalogue.ts';
import type { ParserName } from '../artifacts/artifact.ts';
import { JoinedTables } from '../artifacts/joined.ts';
import type { Join, Kind } from '../artifacts/kind.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { parsers } from '../artifacts/parsers.ts';
import { formatCount } from '../output/count.ts';
import { NewerError, OperationError } from '../output/errors.ts';
import { noCaseAt } from './case-record.ts';
import { hasCode, isDenied, readFailure } from './durable-file.ts';
import { parserOf } from './item-parser.ts';
import { itemName, type ItemRecord } from './item-record.ts';
import { layout } from './layout.ts';
import { type AcquisitionReader, openAcquisition } from './reader.ts';
import { readRecords } from './records.ts';

/** One record of a kind and the item that it was read from. */
export interface Exhibit {
  /** Directory name of the acquisition. */
  readonly acquisition: string;
  /** Number and name of its item; a joined record has none, as it comes from many. */
  readonly item?: ExhibitItem;
  /** Of a record that was joined of some: those. */
  readonly items?: readonly ExhibitItem[];
  readonly record: object;
}

interface ExhibitItem {
  readonly number: number;
  readonly name: string;
}

/** What was not shown, and why; a sentence each. */
export interface Shortfall {
  /** Items that are not whole: what is missing of them was never collected. */
  readonly gaps: string[];
  /** Pieces of items that are no record of their format. */
  readonly malformed: string[];
}

type SingleParser = keyof typeof parsers;

/** A small file of a process is not longer; of one that is, the beginning counts. */
const longestJoined = 64 * 1024 * 1024;

/** The acquisitions of a case by the order of their names, which is that of time. Throws OperationError when there is no case. */
export async function openAcquisitions(
  caseDir: string,
): Promise<{ name: string; reader: AcquisitionReader }[]> {
  const opened: { name: string; reader: AcquisitionReader }[] = [];
  for (const name of await acquisitionNames(caseDir))
    opened.push({ name, reader: await openAcquisition(join(caseDir, layout.acquisitions, name)) });
  return opened;
}

/** The acquisitions of a case that can be opened, and what can't be, a sentence each. */
export interface OpenedWhole {
  readonly opened: readonly { readonly name: string; readonly reader: AcquisitionReader }[];
  /** What is no acquisition of ours any more, and what of an index is no item. */
  readonly closed: readonly string[];
  /** What can't be read here, for want of a right or as a newer program wrote it: nothing is known of it, and it may be whole. */
  readonly denied: readonly string[];
}

/** The same, but what can't be opened, and what of an index is no item, is told and all else is there. */
export async function openWhole(caseDir: string): Promise<OpenedWhole> {
  const opened: { name: string; reader: AcquisitionReader }[] = [];
  const closed: string[] = [];
  const denied: string[] = [];
  for (const name of await acquisitionNames(caseDir))
    try {
      const reader = await openAcquisition(join(caseDir, layout.acquisitions, name), true);
      opened.push({ name, reader });
      if (reader.lost !== undefined) closed.push(`${name}: ${reader.lost}`);
    } catch (error) {
      const reason = error instanceof OperationError ? error.message : readFailure(error);
      if (reason === undefined) throw error;
      const cause = error instanceof OperationError ? error.cause : error;
      const mayBeWhole = isDenied(cause) || error instanceof NewerError;
      (mayBeWhole ? denied : closed).push(`${name}: ${reason}`);
    }
  return { opened, closed, denied };
}

async function acquisitionNames(caseDir: string): Promise<string[]> {
  const place = join(caseDir, layout.acquisitions);
  const names = await readdir(place).catch((cause: unknown) => {
    if (!hasCode(cause, 'ENOENT') && !hasCode(cause, 'ENOTDIR')) throw cause;
    return undefined;
  });
  if (names !== undefined) return names.sort();
  const isCase = await access(join(caseDir, layout.caseRecord)).then(
    () => true,
    () => false,
  );
  if (!isCase) throw noCaseAt(caseDir);
  throw new OperationError(`no evidence at ${caseDir}`, {
    advice: 'nothing was collected into this case yet; begin with: kubectl ir snapshot node NODE --case DIR',
  });
}

/** The records of a kind in an acquisition, streamed; what could not be shown is added to `shortfall`. */
export async function* exhibitsOf(
  kind: Kind,
  acquisition: string,
  reader: AcquisitionReader,
  shortfall: Shortfall,
): AsyncGenerator<Exhibit> {
  const items = await itemsOf(kind, reader, shortfall);
  for (const { item } of items) noteGap(shortfall, item);
  if (kind.parsers.some((parser) => !isSingle(parser))) {
    yield* joinedExhibits(kind, acquisition, reader, shortfall);
    return;
  }
  if (kind.join !== undefined) {
    yield* groupedExhibits(kind.join, acquisition, reader, items, shortfall);
    return;
  }
  for (const one of items)
    for await (const { item, record } of recordsOf(reader, one, shortfall))
      if (isMalformed(record)) yield { acquisition, item, record };
      else for (const row of kind.rows?.(record) ?? [record]) yield { acquisition, item, record: row };
}

/** The items of an acquisition that are of a kind; what can't be looked into is added to `shortfall`. */
export async function itemsOf(
  kind: Kind,
  reader: AcquisitionReader,
  { gaps }: Shortfall,
): Promise<ReadableItem[]> {
  const items: ReadableItem[] = [];
  for (const item of reader.items)
    try {
      const parser = kind.parsers.includes('kubelet configuration')
        ? await parserOf(reader, item)
        : artifactOf(itemName(item), item.artifact)?.parser;
      if (parser !== undefined && kind.parsers.includes(parser)) items.push({ item, parser });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      gaps.push(`${item.name}: ${error.message}`);
    }
  return items;
}

interface ReadableItem {
  readonly item: ItemRecord;
  readonly parser: ParserName;
}

interface Piece {
  readonly item: ExhibitItem;
  readonly record: object;
}

/** The records of an item, and what of it is none, which is told too. */
async function* recordsOf(
  reader: AcquisitionReader,
  { item, parser }: ReadableItem,
  shortfall: Shortfall,
): AsyncGenerator<Piece> {
  if (item.offset === undefined || item.type !== 'file' || !isSingle(parser)) return;
  const source = { number: item.item, name: item.name };
  let malformed = 0;
  let first = '';
  for await (const record of readRecords({ acquisition: reader, item, parser: parsers[parser] })) {
    if (isMalformed(record)) {
      if (malformed === 0) first = `${record.malformed}, at byte ${record.offset}`;
      malformed += 1;
    }
    yield { item: source, record };
  }
  if (malformed > 0)
    shortfall.malformed.push(
      `${item.name}: ${malformed} of its pieces ${malformed === 1 ? 'is no record' : 'are no records'}; the first: ${first}`,
    );
}

/** Rows of several items each: lists are read first, then the files of one row after those of another, so that few are held at once. */
async function* groupedExhibits(
  join: Join,
  acquisition: string,
  reader: AcquisitionReader,
  items: readonly ReadableItem[],
  shortfall: Shortfall,
): AsyncGenerator<Exhibit> {
  const listed = new Map<string, Piece[]>();
  const groups = new Map<string, ReadableItem[]>();
  for (const one of items) {
    const of = join.ofItem(itemName(one.item));
    if (of !== undefined) {
      listOf(groups, of).push(one);
      continue;
    }
    for await (const piece of recordsOf(reader, one, shortfall)) {
      if (isMalformed(piece.record)) yield { acquisition, ...piece };
      else listOf(listed, join.ofRecord(piece.record)).push(piece);
    }
  }
  for (const of of new Set([...groups.keys(), ...listed.keys()])) {
    const pieces = [...(listed.get(of) ?? [])];
    for (const one of groups.get(of) ?? [])
      for await (const piece of recordsOf(reader, one, shortfall))
        if (isMalformed(piece.record)) yield { acquisition, ...piece };
        else pieces.push(piece);
    if (pieces.length === 0) continue;
    const record = join.row(
      of,
      pieces.map((piece) => piece.record),
      groups.get(of)?.length ?? 0,
    );
    yield { acquisition, items: [...new Set(pieces.map(({ item }) => item))], record };
  }
}

function listOf<V>(lists: Map<string, V[]>, key: string): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

async function* joinedExhibits(
  kind: Kind,
  acquisition: string,
  reader: AcquisitionReader,
  shortfall: Shortfall,
): AsyncGenerator<Exhibit> {
  const tables = new JoinedTables();
  for (const item of reader.items) {
    const name = itemName(item);
    if (item.target !== undefined) tables.addLink(name, linkTarget(item));
    else if (item.offset !== undefined && item.type === 'file' && JoinedTables.wants(name))
      tables.add(name, await reader.bytes(item, longestJoined));
  }
  let malformed = 0;
  for (const record of kind.parsers.includes('sockets') ? tables.sockets() : tables.processes()) {
    if (isMalformed(record)) malformed += 1;
    yield { acquisition, record };
  }
  if (malformed > 0)
    shortfall.malformed.push(
      formatCount(
        malformed,
        'row of the tables of sockets is none',
        'rows of the tables of sockets are none',
      ),
    );
}

/** Adds an item that is not whole to what was not shown. */
export function noteGap({ gaps }: Shortfall, { name, outcome, detail }: ItemRecord): void {
  // Processes end while they are looked at; that is no gap.
  if (outcome === 'ok' || outcome === 'vanished') return;
  gaps.push(`${name}: ${outcome}${detail === undefined ? '' : `, ${detail}`}`);
}

function linkTarget({ target = '', targetBytes }: ItemRecord): Buffer {
  return targetBytes === undefined ? Buffer.from(target) : Buffer.from(targetBytes, 'base64');
}

function isSingle(parser: ParserName): parser is SingleParser {
  return Object.hasOwn(parsers, parser);
}

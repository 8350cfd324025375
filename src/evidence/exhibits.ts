import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactOf } from '../artifacts/catalogue.ts';
import type { ParserName } from '../artifacts/artifact.ts';
import { JoinedTables } from '../artifacts/joined.ts';
import type { Kind } from '../artifacts/kind.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { parsers } from '../artifacts/parsers.ts';
import { OperationError } from '../output/errors.ts';
import { hasCode, readFailure } from './durable-file.ts';
import { itemName, type ItemRecord } from './item-record.ts';
import { layout } from './layout.ts';
import { type AcquisitionReader, openAcquisition } from './reader.ts';
import { readRecords } from './records.ts';

/** One record of a kind and the item that it was read from. */
export interface Exhibit {
  /** Directory name of the acquisition. */
  readonly acquisition: string;
  /** Number and name of its item; a joined record has none, as it comes from many. */
  readonly item?: { readonly number: number; readonly name: string };
  readonly record: object;
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

/** The same, but what can't be opened, and what of an index is no item, is told and all else is there: a sentence for each. */
export async function openWhole(caseDir: string): Promise<{
  readonly opened: readonly { readonly name: string; readonly reader: AcquisitionReader }[];
  readonly closed: readonly string[];
}> {
  const opened: { name: string; reader: AcquisitionReader }[] = [];
  const closed: string[] = [];
  for (const name of await acquisitionNames(caseDir))
    try {
      const reader = await openAcquisition(join(caseDir, layout.acquisitions, name), true);
      opened.push({ name, reader });
      if (reader.lost !== undefined) closed.push(`${name}: ${reader.lost}`);
    } catch (error) {
      const reason = error instanceof OperationError ? error.message : readFailure(error);
      if (reason === undefined) throw error;
      closed.push(`${name}: ${reason}`);
    }
  return { opened, closed };
}

async function acquisitionNames(caseDir: string): Promise<string[]> {
  const place = join(caseDir, layout.acquisitions);
  const names = await readdir(place).catch((cause: unknown) => {
    if (!hasCode(cause, 'ENOENT') && !hasCode(cause, 'ENOTDIR')) throw cause;
    throw new OperationError(`no evidence at ${caseDir}`, { advice: 'give the directory of a case', cause });
  });
  return names.sort();
}

/** The records of a kind in an acquisition, streamed; what could not be shown is added to `shortfall`. */
export async function* exhibitsOf(
  kind: Kind,
  acquisition: string,
  reader: AcquisitionReader,
  shortfall: Shortfall,
): AsyncGenerator<Exhibit> {
  const items = reader.items.flatMap((item) => {
    const parser = artifactOf(itemName(item))?.parser;
    return parser !== undefined && kind.parsers.includes(parser) ? [{ item, parser }] : [];
  });
  for (const { item } of items) noteGap(shortfall, item);
  if (kind.parsers.some((parser) => !isSingle(parser))) {
    yield* joinedExhibits(kind, acquisition, reader, shortfall);
    return;
  }
  for (const { item, parser } of items) {
    if (item.offset === undefined || item.type !== 'file' || !isSingle(parser)) continue;
    const source = { number: item.item, name: item.name };
    let malformed = 0;
    let first = '';
    for await (const record of readRecords({ acquisition: reader, item, parser: parsers[parser] })) {
      if (isMalformed(record)) {
        if (malformed === 0) first = `${record.malformed}, at byte ${record.offset}`;
        malformed += 1;
        yield { acquisition, item: source, record };
        continue;
      }
      for (const row of kind.rows?.(record) ?? [record]) yield { acquisition, item: source, record: row };
    }
    if (malformed > 0)
      shortfall.malformed.push(
        `${item.name}: ${malformed} of its pieces are no records; the first: ${first}`,
      );
  }
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
  if (malformed > 0) shortfall.malformed.push(`${malformed} rows of the tables of sockets are no rows`);
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

import type { ItemSink } from '../artifacts/item.ts';
import { boltHeadBytes, boltMeta } from '../artifacts/bolt.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import { Capture } from './capture.ts';
import { scriptInput } from './script-input.ts';
import { walkToken } from './walk-token.ts';

/** Reads files of a node by their paths (absolute, one byte per character); links are followed on the node, within it. */
export interface NodeFiles {
  /** Those that are there and came whole, by the path that was asked for. A directory gives the files in it as `PATH/NAME`. */
  files(paths: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Directories that are there, by the path that was asked for: where they really lie. */
  places(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Databases that are there: the bytes as they were between two transactions, or why they could not be had. */
  databases(paths: readonly string[]): Promise<ReadonlyMap<string, Buffer | string>>;
}

/** Largest list of containers that is read; a record of one takes about 1 KiB. */
const fileCap = 32 * 1024 * 1024;
/** Most bytes of a database that are copied into the collector's spool first. */
const copyCap = 24 * 1024 * 1024;
const databaseCap = 256 * 1024 * 1024;
const heldCap = 512 * 1024 * 1024;
/** Tries for a database that is too large to be copied first, and is written meanwhile. */
const mostTries = 3;

/** Reads through the collector; everything that comes goes into the evidence as well. */
export function nodeFiles(collector: Collector, sink: ItemSink, signal: AbortSignal): NodeFiles {
  const collect = async (script: string, args: string[], paths: readonly string[]): Promise<Received> => {
    const token = walkToken();
    const capture = new Capture(sink, new Set(['container-store']), heldCap);
    if (paths.length > 0)
      await collector.collect(script, [token, ...args], capture, signal, scriptInput(paths));
    return { capture, token };
  };
  const databases = async (
    paths: readonly string[],
    tries: number,
  ): Promise<ReadonlyMap<string, Buffer | string>> => {
    const sizes = [boltHeadBytes, copyCap, databaseCap].map(String);
    const received = await collect('node-databases', sizes, paths);
    const found = readDatabases(received, paths);
    const torn = paths.filter((path) => found.get(path) === tornReason);
    if (torn.length === 0 || tries <= 1) return found;
    return new Map([...found, ...(await databases(torn, tries - 1))]);
  };
  return {
    files: async (paths) =>
      readFiles(await collect('node-files', ['container-store', String(fileCap)], paths), paths),
    places: async (paths) => readPlaces(await collect('node-places', [], paths), paths),
    databases: (paths) => databases(paths, mostTries),
  };
}

interface Received {
  readonly capture: Capture;
  readonly token: string;
}

const tornReason = 'the runtime wrote it each time it was read';

/** The records of node-places.sh by the paths that were asked for. */
function readPlaces({ capture, token }: Received, paths: readonly string[]): Map<string, string> {
  const text = capture.items.get('live_response/node-places.txt')?.bytes?.toString('latin1') ?? '';
  const places = new Map<string, string>();
  for (const [i, record] of text.split(token).entries()) {
    const [path, prefix] = [paths[i], `${i + 1} `];
    const place = record.startsWith(prefix) ? record.slice(prefix.length) : '';
    if (path !== undefined && place !== '') places.set(path, place.replace(/^\/*/, '/'));
  }
  return places;
}

/** The files of node-files.sh by the paths that were asked for. */
function readFiles(received: Received, paths: readonly string[]): Map<string, Buffer> {
  const whole = received.capture.complete('[root]');
  const found = new Map<string, Buffer>();
  for (const [i, path] of paths.entries()) {
    const place = placeOf(received, `node-files/${i + 1}`);
    if (place === undefined) continue;
    for (const [name, bytes] of whole) {
      if (name === place) found.set(path, bytes);
      else if (name.startsWith(`${place}/`)) found.set(`${path}/${name.slice(place.length + 1)}`, bytes);
    }
  }
  return found;
}

/** The databases of node-databases.sh; what is torn is told as such. */
function readDatabases(received: Received, paths: readonly string[]): Map<string, Buffer | string> {
  const found = new Map<string, Buffer | string>();
  const heads = received.capture.complete('live_response/node-databases');
  for (const [i, path] of paths.entries()) {
    const place = placeOf(received, `node-databases/${i + 1}`);
    if (place === undefined) continue;
    const item = received.capture.items.get(`[root]/${place}`);
    const [before, after] = [heads.get(`${i + 1}.before`), heads.get(`${i + 1}.after`)];
    if (item?.end.outcome !== 'ok') found.set(path, item?.end.detail ?? 'it did not come');
    else if (item.bytes === undefined || before === undefined || after === undefined)
      found.set(path, 'it is too large to be held in memory');
    else found.set(path, soundCopy(before, item.bytes, after));
  }
  return found;
}

/** The copy, when the transaction number was the same before it, in it and after it; else why it can't be used. */
function soundCopy(before: Buffer, copy: Buffer, after: Buffer): Buffer | string {
  try {
    const { transaction } = boltMeta(copy);
    return boltMeta(before).transaction === transaction && boltMeta(after).transaction === transaction
      ? copy
      : tornReason;
  } catch (error) {
    if (error instanceof OperationError) return error.message;
    throw error;
  }
}

/** Where a path leads on the node, without the slash at its start; undefined when nothing is there. */
function placeOf({ capture, token }: Received, name: string): string | undefined {
  const text = capture.items.get(`live_response/${name}.path`)?.bytes?.toString('latin1') ?? '';
  return text.endsWith(token) ? text.slice(0, -token.length).replace(/^\//, '') : undefined;
}

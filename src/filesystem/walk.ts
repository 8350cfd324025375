import type { Entry } from './entry.ts';
import { parseFacts } from './entry.ts';
import { OperationError } from '../output/errors.ts';

/**
 * Everything diff.sh told of one container, parsed. Paths are absolute in the container with one byte per character,
 * the root is the empty string.
 */
export interface Walk {
  /** Entries by path: the writable layer, the image, the container (image and writable layer as one). */
  readonly upper: ReadonlyMap<string, Entry>;
  readonly image: ReadonlyMap<string, Entry>;
  readonly container: ReadonlyMap<string, Entry>;
  /** Names in the directories that the writable layer holds, as the image and the container have them. */
  readonly imageNames: ReadonlySet<string>;
  readonly containerNames: ReadonlySet<string>;
  /** sha256 in hex of regular files that are in both or only in the container. */
  readonly imageHashes: ReadonlyMap<string, string>;
  readonly containerHashes: ReadonlyMap<string, string>;
  /** First bytes (up to 4) of the container's regular files. */
  readonly starts: ReadonlyMap<string, string>;
  /** `security.capability` as the collector printed it, to be compared only; undefined when it has no getfattr. */
  readonly imageCapabilities: ReadonlyMap<string, string> | undefined;
  readonly containerCapabilities: ReadonlyMap<string, string> | undefined;
  /** What the walk complained of, one line each, raw. */
  readonly complaints: readonly string[];
}

/** The outputs of diff.sh by the last part of their item names. */
export const walkItems = [
  'upper.stat',
  'image.stat',
  'container.stat',
  'image.names',
  'container.names',
  'image.sha256',
  'container.sha256',
  'container.start',
  'walk.errors',
] as const;

/** Outputs that only a collector with getfattr sends. */
export const capabilityItems = ['image.capability', 'container.capability'] as const;

/**
 * Parses the outputs of one walk. `token` is the random name of the directory in which every view is mounted: it starts every path,
 * no program of the container can know it, so a path that looks like a record is still a path.
 * Throws OperationError when an output is missing, cut or not in the expected form; a wrong entry is never returned.
 */
export function parseWalk(items: ReadonlyMap<string, Buffer>, token: string): Walk {
  const text = (name: string): string => {
    const bytes = items.get(name);
    if (bytes === undefined) throw malformed(name, 'it is missing');
    return bytes.toString('latin1');
  };
  const container = parseStat(text('container.stat'), token, 'container.stat');
  const capabilities = (name: string): ReadonlyMap<string, string> | undefined =>
    items.has(name) ? parseCapabilities(text(name), token, name, container) : undefined;
  return {
    upper: parseStat(text('upper.stat'), token, 'upper.stat'),
    image: parseStat(text('image.stat'), token, 'image.stat'),
    container,
    imageNames: parseNames(text('image.names'), token, 'image.names'),
    containerNames: parseNames(text('container.names'), token, 'container.names'),
    imageHashes: parseHashes(text('image.sha256'), token, 'image.sha256'),
    containerHashes: parseHashes(text('container.sha256'), token, 'container.sha256'),
    starts: parseStarts(text('container.start'), token, 'container.start'),
    imageCapabilities: capabilities('image.capability'),
    containerCapabilities: capabilities('container.capability'),
    complaints: text('walk.errors')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(token, '')),
  };
}

/** Records `FACTS TOKEN PATH TOKEN |TOKEN PATH TOKEN \n`, for links `FACTS TOKEN PATH TOKEN |'TOKEN PATH' -> 'TARGET' TOKEN \n`; the end mark last. */
export function parseStat(text: string, token: string, name: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const pieces = ended(text, token, name).split(token);
  if (pieces.length % 4 !== 1 || pieces.at(-1) !== (pieces.length > 1 ? '\n' : ''))
    throw malformed(name, 'a record is cut');
  for (let i = 0; i + 4 < pieces.length; i += 4) {
    const [before = '', path = '', quote = '', named = ''] = pieces.slice(i, i + 4);
    const facts = parseFacts(before.replace(/^\n/, ''));
    if (facts === undefined || entries.has(path))
      throw malformed(name, `record ${i / 4 + 1} is no stat record`);
    if (facts.type !== 'symlink') {
      if (quote !== '|' || named !== path) throw malformed(name, `record ${i / 4 + 1} is no stat record`);
      entries.set(path, facts);
    } else {
      const start = `${path}' -> '`;
      if (quote !== "|'" || !named.startsWith(start) || !named.endsWith("'") || named.length === start.length)
        throw malformed(name, `record ${i / 4 + 1} is a link without a target`);
      entries.set(path, { ...facts, target: named.slice(start.length, -1) });
    }
  }
  return entries;
}

/** Names ended by NUL, the end mark last. */
export function parseNames(text: string, token: string, name: string): Set<string> {
  const body = ended(text, token, name);
  const names = body.split('\0');
  if (names.pop() !== '') throw malformed(name, 'a name is cut');
  return new Set(names.map((path) => withoutToken(path, token, name)));
}

/** Lines of sha256sum; names may hold newlines, so a line starts where a hash and the token stand. */
export function parseHashes(text: string, token: string, name: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const pieces = ended(text, token, name).split(token);
  let hash = /^([0-9a-f]{64}) {2}$/.exec(pieces[0] ?? '')?.[1];
  if (hash === undefined && pieces.join('') !== '') throw malformed(name, 'it does not start with a hash');
  for (const [i, piece] of pieces.slice(1).entries()) {
    const last = i === pieces.length - 2;
    const match = last ? /^(.*)\n$/s.exec(piece) : /^(.*)\n([0-9a-f]{64}) {2}$/s.exec(piece);
    if (match === null || hash === undefined) throw malformed(name, `line ${i + 1} is not a hash line`);
    hashes.set(match[1] ?? '', hash);
    hash = match[2];
  }
  return hashes;
}

/** Output of `head -v -c 4`: `==> PATH <==`, newline, up to four bytes, newline between files. */
export function parseStarts(text: string, token: string, name: string): Map<string, string> {
  const starts = new Map<string, string>();
  const pieces = ended(text, token, name).split(`==> ${token}`);
  if (pieces[0] !== '') throw malformed(name, 'it does not start with a name');
  for (const piece of pieces.slice(1)) {
    const match = /^(.*) <==\n(.{0,4}?)\n?$/s.exec(piece);
    if (match === null) throw malformed(name, 'a file name is cut');
    starts.set(match[1] ?? '', match[2] ?? '');
  }
  return starts;
}

/**
 * Output of getfattr for one attribute: `# file: PATH`, then `security.capability=VALUE` and an empty line for files that have it.
 * A path with a newline can look like a file with the attribute: `known` paths tell them apart, because the value holds NUL bytes
 * (linux/capability.h `vfs_cap_data`) and a path cannot. GNU getfattr writes special bytes of names in octal, busybox raw.
 */
export function parseCapabilities(
  text: string,
  token: string,
  name: string,
  known: ReadonlyMap<string, unknown>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const piece of ended(text, token, name).split(`# file: ${token}`).slice(1)) {
    const match = /^(.*)\nsecurity\.capability=(.*)\n\n$/s.exec(piece);
    if (match === null || known.has(piece.slice(0, -1))) continue;
    const [, path = '', value = ''] = match;
    values.set(known.has(path) ? path : unescapeOctal(path), value);
  }
  return values;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Every output ends with the token and `end`, so that a cut one is seen. */
function ended(text: string, token: string, name: string): string {
  const mark = `${token}end\n`;
  if (!text.endsWith(mark)) throw malformed(name, 'its end is missing');
  return text.slice(0, -mark.length);
}

function withoutToken(path: string, token: string, name: string): string {
  if (!path.startsWith(`${token}/`)) throw malformed(name, 'a name is outside of the walk');
  return path.slice(token.length);
}

function malformed(name: string, why: string): OperationError {
  return new OperationError(`the walk's output ${name} cannot be used: ${why}`);
}

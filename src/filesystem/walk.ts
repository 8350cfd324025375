import type { Entry } from './entry.ts';
import { parseFacts } from './entry.ts';
import { OperationError } from '../output/errors.ts';

/**
 * What diff.sh told of some paths of one container, parsed. Paths are absolute in the container with one byte per character,
 * the root is the empty string.
 */
export interface Batch {
  /** `deleted`: paths that only the image has, ordered by their bytes; `present`: all others. */
  readonly kind: 'deleted' | 'present';
  readonly paths: readonly string[];
  /**
   * Entries by path: the writable layer, the image, the container (image and writable layer as one). Of what was deleted
   * they hold the directories too.
   */
  readonly upper: ReadonlyMap<string, Entry>;
  readonly image: ReadonlyMap<string, Entry>;
  readonly container: ReadonlyMap<string, Entry>;
  /** sha256 in hex of regular files. */
  readonly imageHashes: ReadonlyMap<string, string>;
  readonly containerHashes: ReadonlyMap<string, string>;
  /** First bytes (up to 4) of the container's regular files. */
  readonly starts: ReadonlyMap<string, string>;
  /** `security.capability` as the collector printed it, to be compared only; undefined when it has no getfattr. */
  readonly imageCapabilities: ReadonlyMap<string, string> | undefined;
  readonly containerCapabilities: ReadonlyMap<string, string> | undefined;
}

/**
 * Parses one batch of a walk, by the names of its sections. `token` is the random name of the directory in which every view is mounted:
 * it starts every path, no program of the container can know it, so a path that looks like a record is still a path.
 * Throws OperationError when a section is missing or not in the expected form; a wrong entry is never returned.
 */
export function parseBatch(kind: Batch['kind'], sections: ReadonlyMap<string, string>, token: string): Batch {
  const text = (name: string): string => {
    const found = sections.get(name);
    if (found === undefined) throw malformed(name, 'it is missing');
    return found;
  };
  const stat = (name: string): Map<string, Entry> => parseStat(text(name), token, name);
  const container = stat('container.stat');
  const about = {
    kind,
    paths: parseNames(text('paths'), token, 'paths'),
    upper: stat('upper.stat'),
    image: stat('image.stat'),
    container,
  };
  if (kind === 'deleted') return { ...about, ...noContents };
  const capabilities = (name: string): ReadonlyMap<string, string> | undefined =>
    sections.has(name) ? parseCapabilities(text(name), token, container) : undefined;
  return {
    ...about,
    imageHashes: parseHashes(text('image.sha256'), token, 'image.sha256'),
    containerHashes: parseHashes(text('container.sha256'), token, 'container.sha256'),
    starts: parseStarts(text('container.start'), token, 'container.start'),
    imageCapabilities: capabilities('image.capability'),
    containerCapabilities: capabilities('container.capability'),
  };
}

const noContents = {
  imageHashes: new Map<string, string>(),
  containerHashes: new Map<string, string>(),
  starts: new Map<string, string>(),
  imageCapabilities: undefined,
  containerCapabilities: undefined,
};

/** Records `FACTS TOKEN PATH TOKEN |TOKEN PATH TOKEN \n`, for links `FACTS TOKEN PATH TOKEN |'TOKEN PATH' -> 'TARGET' TOKEN \n`. */
function parseStat(text: string, token: string, name: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const pieces = text.split(token);
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

/** Paths ended by NUL. */
function parseNames(text: string, token: string, name: string): string[] {
  const names = text.split('\0');
  if (names.pop() !== '') throw malformed(name, 'a name is cut');
  return names.map((path) => withoutToken(path, token, name));
}

/** Lines of sha256sum; names may hold newlines, so a line starts where a hash and the token stand. */
export function parseHashes(text: string, token: string, name: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const pieces = text.split(token);
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
function parseStarts(text: string, token: string, name: string): Map<string, string> {
  const starts = new Map<string, string>();
  const pieces = text.split(`==> ${token}`);
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
function parseCapabilities(
  text: string,
  token: string,
  known: ReadonlyMap<string, unknown>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const piece of text.split(`# file: ${token}`).slice(1)) {
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

function withoutToken(path: string, token: string, name: string): string {
  const rest = path.slice(token.length);
  if (!path.startsWith(token) || (rest !== '' && !rest.startsWith('/')))
    throw malformed(name, 'a name is outside of the walk');
  return rest;
}

function malformed(name: string, why: string): OperationError {
  return new OperationError(`the walk's output ${name} cannot be used: ${why}`);
}

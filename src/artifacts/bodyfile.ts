import { type Malformed, decimal, lines } from './lines.ts';

/** One line of a body file: The Sleuth Kit, body file 3.x. Times are seconds since the epoch, 0 when not known. */
export interface BodyfileEntry {
  /** Hex; missing when it was not computed. */
  readonly md5?: string;
  /** Raw bytes as far as the format keeps them. */
  readonly name: Buffer;
  /** Of a symbolic link. */
  readonly target?: Buffer;
  readonly inode: string;
  /** Such as `-rwsr-xr-x`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Above 2^53, as of a file that is all holes, the next number that there is. */
  readonly size: number;
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
  readonly created: number;
}

/**
 * The lines `MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`. A `|` in a name does no harm: fields are counted
 * from both ends. `%XX` in names is decoded, as mactime does, and `\xXX` of control characters, which mactime shows as it
 * is (`filesystem.sh` writes both).
 */
export function* parseBodyfile(bytes: Buffer): Generator<BodyfileEntry | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0 || line[0] === 0x23) continue;
    yield readEntry(line.toString('latin1')) ?? { malformed: 'no line of a body file', offset };
  }
}

function readEntry(line: string): BodyfileEntry | undefined {
  const words = line.split('|');
  if (words.length < 11) return undefined;
  const [inode = '', mode = '', uid, gid, size, accessed, modified, changed, created] = words.slice(-9);
  const times = [accessed, modified, changed, created].map(seconds);
  const [uidNumber, gidNumber] = [uid, gid].map(decimal);
  const sizeNumber = bytes(size);
  const [atime, mtime, ctime, crtime] = times;
  if (uidNumber === undefined || gidNumber === undefined || sizeNumber === undefined) return undefined;
  if (atime === undefined || mtime === undefined || ctime === undefined || crtime === undefined)
    return undefined;
  const text = decode(words.length === 11 ? (words[1] ?? '') : words.slice(1, -9).join('|'));
  const arrow = mode.startsWith('l') ? text.indexOf(' -> ') : -1;
  const md5 = /^[0-9a-f]{32}$/i.test(words[0] ?? '') ? words[0] : undefined;
  return {
    ...(md5 === undefined ? {} : { md5 }),
    name: Buffer.from(arrow < 0 ? text : text.slice(0, arrow), 'latin1'),
    ...(arrow < 0 ? {} : { target: Buffer.from(text.slice(arrow + 4), 'latin1') }),
    inode,
    mode,
    uid: uidNumber,
    gid: gidNumber,
    size: sizeNumber,
    accessed: atime,
    modified: mtime,
    changed: ctime,
    created: crtime,
  };
}

function decode(name: string): string {
  return name.replace(/%([0-9a-f]{2})|\\x([01][0-9a-f]|7f)/gi, (_, escaped?: string, control = '') =>
    String.fromCharCode(Number.parseInt(escaped ?? String(control), 16)),
  );
}

/** Of any 64 bits: who gives a file such a size or time must not drop out of the list by it. */
function bytes(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,20}$/.test(text) ? Number(text) : undefined;
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^-?[0-9]{1,19}(?:\.[0-9]{1,9})?$/.test(text) ? Number(text) : undefined;
}

import type { FileFacts, FileType } from './pod-diff.ts';
import { pathText, timeText } from './path-text.ts';

/** What lstat said of one path of one view. */
export interface Entry {
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly inode: string;
  /** `major:minor` of a device node. */
  readonly device: string;
  /** Nanoseconds since the epoch. */
  readonly modified: bigint;
  readonly changed: bigint;
  /** Target of a symbolic link, one byte per character. */
  readonly target?: string;
}

/** The facts part of a record; `stats` of diff.sh makes it. */
const facts =
  /^([0-9a-f]{1,8})\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9]+)\|([0-9a-f]+)\|([0-9a-f]+)\|(-?[0-9]+)\|[^|]*\.([0-9]{9}) [^|]*\|(-?[0-9]+)\|[^|]*\.([0-9]{9}) [^|]*\|$/;

/** Reads the facts of one record (`%f|%u|%g|%s|%h|%i|%t|%T|%Y|%y|%Z|%z|` of busybox stat); undefined when it is no such text. */
export function parseFacts(text: string): Omit<Entry, 'target'> | undefined {
  const match = facts.exec(text);
  if (match === null) return undefined;
  const [, mode = '', uid, gid, size, links, inode = '', major = '', minor = '', ...times] = match;
  const [mtime, mtimeNs, ctime, ctimeNs] = times;
  const type = types.get(Number.parseInt(mode, 16) & 0xf000);
  if (type === undefined) return undefined;
  return {
    type,
    mode: Number.parseInt(mode, 16) & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    links: Number(links),
    inode,
    device: `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`,
    modified: nanoseconds(mtime, mtimeNs),
    changed: nanoseconds(ctime, ctimeNs),
  };
}

/** True for the mark of overlayfs that a name of the image is gone: a character device 0:0 (kernel: overlayfs.rst, whiteouts). */
export function isWhiteout(entry: Entry): boolean {
  return entry.type === 'character' && entry.device === '0:0';
}

export function isDevice(entry: Entry): boolean {
  return entry.type === 'block' || entry.type === 'character';
}

/** The entry as PodDiff shows it. */
export function factsOf(entry: Entry, sha256: string | undefined): FileFacts {
  return {
    type: entry.type,
    mode: modeText(entry.mode),
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: timeText(entry.modified),
    ctime: timeText(entry.changed),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(entry.target === undefined ? {} : { target: pathText(entry.target).path }),
    ...(isDevice(entry) ? { device: entry.device } : {}),
  };
}

/** Permission bits with a leading zero, such as `0644` or `04755`. */
function modeText(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

function nanoseconds(seconds: string | undefined, fraction: string | undefined): bigint {
  return BigInt(seconds ?? 0) * 1_000_000_000n + BigInt(fraction ?? 0);
}

/** S_IFMT bits (inode(7)). */
const types = new Map<number, FileType>([
  [0x1000, 'fifo'],
  [0x2000, 'character'],
  [0x4000, 'directory'],
  [0x6000, 'block'],
  [0x8000, 'file'],
  [0xa000, 'symlink'],
  [0xc000, 'socket'],
]);

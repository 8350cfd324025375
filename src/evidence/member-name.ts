import { createHash } from 'node:crypto';

const slash = Buffer.from('/');

/**
 * A name from a node made safe as a member of a tar: relative, no empty, `.` or `..` segment, no NUL. What is not
 * allowed is written as `\xNN`; an acceptable name comes back as it is.
 */
export function safeMemberName(name: Buffer): Buffer {
  const segments: Buffer[] = [];
  for (let from = 0; from <= name.length;) {
    const at = name.indexOf(slash, from);
    const end = at === -1 ? name.length : at;
    if (end > from) segments.push(safeSegment(name.subarray(from, end)));
    from = end + 1;
  }
  return segments.length === 0 ? Buffer.from('unnamed') : join(segments);
}

function safeSegment(segment: Buffer): Buffer {
  const text = segment.toString('latin1');
  const safe = /^\.{1,2}$/.test(text) ? text.replaceAll('.', '\\x2e') : text.replaceAll('\0', '\\x00');
  return safe === text ? segment : Buffer.from(safe, 'latin1');
}

function join(segments: readonly Buffer[]): Buffer {
  return Buffer.concat(segments.flatMap((segment, at) => (at === 0 ? [segment] : [slash, segment])));
}

/**
 * The names given out in one tar. No name is given twice, and none leads through a name that is no directory: a link
 * `a` followed by a file `a/b` would make `tar` write outside of the directory it unpacks into. The later name gets
 * `~2`, `~3`, … at the segment in the way. Names are kept as digests, so memory does not grow with their length.
 */
export class MemberNames {
  readonly #leaves = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #listed = new Set<string>();

  /** The safe name itself when it is free, else a free one like it. */
  claim(name: Buffer, directory: boolean): Buffer {
    let path: Buffer | undefined;
    for (let from = 0; from <= name.length;) {
      const at = name.indexOf(slash, from);
      const last = at === -1;
      const segment = name.subarray(from, last ? name.length : at);
      const base = path === undefined ? segment : Buffer.concat([path, slash, segment]);
      path = this.#free(base, last, directory);
      if (!last) this.#directories.add(digest(path));
      from = last ? name.length + 1 : at + 1;
    }
    const claimed = path ?? name;
    if (directory) {
      this.#directories.add(digest(claimed));
      this.#listed.add(digest(claimed));
    } else this.#leaves.add(digest(claimed));
    return claimed;
  }

  #free(path: Buffer, last: boolean, directory: boolean): Buffer {
    let candidate = path;
    for (let count = 2; this.#taken(digest(candidate), last, directory); count += 1)
      candidate = Buffer.concat([path, Buffer.from(`~${count}`)]);
    return candidate;
  }

  #taken(key: string, last: boolean, directory: boolean): boolean {
    if (this.#leaves.has(key)) return true;
    if (!last) return false;
    return directory ? this.#listed.has(key) : this.#directories.has(key);
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64').slice(0, 20);
}

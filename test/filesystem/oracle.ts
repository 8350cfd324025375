import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

const chunk = Buffer.alloc(1 << 16);

/** One file of a tree as the oracle sees it; written apart from the product, on purpose without any of its code. */
interface Node {
  readonly kind: number;
  readonly facts: string;
  readonly content: string;
  readonly size: number;
  readonly modified: bigint;
}
type Tree = ReadonlyMap<string, Node>;

const directory = 0x4000;

/**
 * Walks both trees whole, reads every byte of every file and says what differs: lines `KIND PATH CONTENT`, where CONTENT is the
 * sha256 of a file, `link:` and a hash of a target, or `device:`; of what was renamed `KIND PATH CONTENT from PATH`, of a deleted
 * directory the number of entries in it that are not renamed. Names have one byte per character; lines are sorted.
 */
export function expectedChanges(image: string, container: string): string[] {
  const before = treeOf(image);
  const after = treeOf(container);
  const renamed = renamesOf(before, after);
  const gone = new Set(renamed.values());
  const changes: string[] = [];
  for (const [path, now] of after) {
    const then = before.get(path);
    const from = renamed.get(path);
    if (path === '') continue;
    if (from !== undefined) changes.push(`renamed ${path} ${now.content} from ${from}`);
    else if (then === undefined) changes.push(`added ${path} ${now.content}`);
    else if (then.kind !== now.kind) changes.push(`typechanged ${path} ${now.content}`);
    else if (then.content !== now.content) changes.push(`modified ${path} ${now.content}`);
    else if (then.facts !== now.facts) changes.push(`metadata ${path} ${now.content}`);
  }
  for (const [path, then] of before) {
    if (after.has(path) || after.get(up(path))?.kind !== directory) continue;
    const below =
      then.kind === directory ? [...before.keys()].filter((inner) => inner.startsWith(`${path}/`)) : [];
    const rest = below.filter((inner) => !gone.has(inner)).length;
    if (gone.has(path) && rest === 0) continue;
    changes.push(`deleted ${path} ${then.kind === directory ? rest : ''}`);
  }
  return changes.map((line) => line.trimEnd()).sort();
}

/**
 * New path -> path in the image, for what went from one to the other: the same content and the same time of last change, an empty or
 * special file under the same name too. A source of the same name first, then the first in order, each once. A directory follows what is in it.
 */
function renamesOf(before: Tree, after: Tree): Map<string, string> {
  const renamed = new Map<string, string>();
  const [lost, found] = [new Set(onlyIn(before, after)), new Set(onlyIn(after, before))];
  const taken = new Set<string>();
  const take = (to: string, from: string): void => {
    taken.add(from);
    renamed.set(to, from);
  };
  const marks = new Map<string, string[]>();
  for (const path of lost)
    for (const mark of marksOf(path, before)) {
      const alike = marks.get(mark);
      if (alike === undefined) marks.set(mark, [path]);
      else alike.push(path);
    }
  for (const pass of [0, 1])
    for (const to of found) {
      if (renamed.has(to)) continue;
      const mark = marksOf(to, after)[pass];
      const from = mark === undefined ? undefined : marks.get(mark)?.find((path) => !taken.has(path));
      if (from !== undefined) take(to, from);
    }
  const isDirectory = (tree: Tree, path: string): boolean => tree.get(path)?.kind === directory;
  const kept = [...renamed].filter(([to, from]) => last(to) === last(from));
  for (const to of [...new Set(kept.map(([path]) => up(path)))].sort(compare)) {
    const votes = new Map<string, number>();
    for (const [path, from] of kept) if (up(path) === to) votes.set(up(from), (votes.get(up(from)) ?? 0) + 1);
    const most = Math.max(...votes.values());
    let from = [...votes.keys()].filter((path) => votes.get(path) === most).sort(compare)[0] ?? '';
    for (let at = to; ; at = up(at), from = up(from)) {
      const fits = found.has(at) && lost.has(from) && isDirectory(after, at) && isDirectory(before, from);
      if (!fits || renamed.has(at) || taken.has(from)) break;
      take(at, from);
      if (last(at) !== last(from)) break;
    }
  }
  for (const to of found) {
    const parent = renamed.get(up(to));
    const from = `${parent ?? ''}/${last(to)}`;
    if (parent === undefined || renamed.has(to) || taken.has(from) || !lost.has(from)) continue;
    if (isDirectory(after, to) && isDirectory(before, from)) take(to, from);
  }
  return renamed;
}

/** By what a file is known again: with its name, and without it where its content is enough. */
function marksOf(path: string, tree: Tree): string[] {
  const node = tree.get(path);
  if (node === undefined || node.kind === directory) return [];
  const content = `${node.kind} ${node.content} ${node.modified}`;
  const telling = node.kind === 0xa000 || (node.kind === 0x8000 && node.size > 0);
  return [`${content} ${last(path)}`, ...(telling ? [content] : [])];
}

/** In order; what lies below another kind of file in place of its directory is not looked for. */
function onlyIn(tree: Tree, other: Tree): string[] {
  const replaced = [...tree].filter(
    ([path, { kind }]) => kind === directory && (other.get(path)?.kind ?? kind) !== kind,
  );
  return [...tree.keys()]
    .filter((path) => !other.has(path))
    .filter((path) => !replaced.some(([above]) => path.startsWith(`${above}/`)))
    .sort(compare);
}

function up(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function treeOf(root: string): Tree {
  const tree = new Map<string, Node>();
  const visit = (path: Buffer): void => {
    const stat = lstatSync(path, { bigint: true });
    const kind = Number(stat.mode) & 0xf000;
    const name = path.subarray(Buffer.byteLength(root)).toString('latin1');
    tree.set(name, {
      kind,
      facts: `${stat.mode}:${stat.uid}:${stat.gid}`,
      content: contentOf(path, kind, Number(stat.rdev)),
      size: Number(stat.size),
      modified: stat.mtimeNs,
    });
    if (kind !== directory) return;
    for (const entry of readdirSync(path, { encoding: 'buffer' }))
      visit(Buffer.concat([path, Buffer.from('/'), entry]));
  };
  visit(Buffer.from(root));
  return tree;
}

function contentOf(path: Buffer, kind: number, device: number): string {
  if (kind === 0xa000)
    return `link:${createHash('sha256')
      .update(readlinkSync(path, { encoding: 'buffer' }))
      .digest('hex')}`;
  if (kind === 0x2000 || kind === 0x6000) return `device:${device}`;
  if (kind !== 0x8000) return '';
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
    hash.update(chunk.subarray(0, read));
  closeSync(file);
  return hash.digest('hex');
}

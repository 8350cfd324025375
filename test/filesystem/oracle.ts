import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

const chunk = Buffer.alloc(1 << 16);

/** One file of a tree as the oracle sees it; written apart from the product, on purpose without any of its code. */
interface Node {
  readonly kind: number;
  readonly facts: string;
  readonly content: string;
}

/**
 * Walks both trees whole, reads every byte of every file and says what differs: lines `KIND PATH [SHA256]` with one byte per character,
 * sorted. Only the topmost of what was deleted is named.
 */
export function expectedChanges(image: string, container: string): string[] {
  const before = treeOf(image);
  const after = treeOf(container);
  const changes: string[] = [];
  for (const [path, now] of after) {
    const then = before.get(path);
    if (path === '') continue;
    if (then === undefined) changes.push(`added ${path} ${now.content}`);
    else if (then.kind !== now.kind) changes.push(`typechanged ${path} ${now.content}`);
    else if (then.content !== now.content) changes.push(`modified ${path} ${now.content}`);
    else if (then.facts !== now.facts) changes.push(`metadata ${path} ${now.content}`);
  }
  for (const path of before.keys()) {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (!after.has(path) && after.get(parent)?.kind === before.get(parent)?.kind)
      if (parent === '' || after.has(parent)) changes.push(`deleted ${path} `);
  }
  return changes.map((line) => line.trimEnd()).sort();
}

function treeOf(root: string): Map<string, Node> {
  const tree = new Map<string, Node>();
  const visit = (path: Buffer): void => {
    const stat = lstatSync(path);
    const kind = stat.mode & 0xf000;
    const name = path.subarray(Buffer.byteLength(root)).toString('latin1');
    tree.set(name, {
      kind,
      facts: `${stat.mode}:${stat.uid}:${stat.gid}`,
      content: contentOf(path, kind, stat.rdev),
    });
    if (kind !== 0x4000) return;
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

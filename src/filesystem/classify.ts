import type { Entry } from './entry.ts';
import { factsOf, isDevice } from './entry.ts';
import { pathText } from './path-text.ts';
import type { Change, ChangeKind, Flag } from './pod-diff.ts';
import type { Batch } from './walk.ts';

/**
 * Judges one path that the container has: what it is against the image's entry, if there is one, with what its content shows.
 * Undefined for what is the same, and for directories of which only the contents changed. `runtime` and `shadowed` are not judged here.
 */
export function classify(
  raw: string,
  before: Entry | undefined,
  now: Entry,
  batch: Batch,
): Change | undefined {
  const change = judge(raw, before, now, batch);
  if (change === undefined) return undefined;
  return {
    ...pathText(raw),
    ...factsOf(now, batch.containerHashes.get(raw)),
    change: change.kind,
    type: now.type,
    ...contentOf(batch.starts.get(raw)),
    ...(before === undefined ? {} : { before: factsOf(before, batch.imageHashes.get(raw)) }),
    flags: [...flagsOf(raw, now, batch), ...change.flags],
  };
}

/** Which change it is; undefined for what is the same, and for directories of which only the contents changed. */
function judge(
  raw: string,
  before: Entry | undefined,
  now: Entry,
  batch: Batch,
): { kind: ChangeKind; flags: Flag[] } | undefined {
  if (before === undefined) return { kind: 'added', flags: [] };
  const spoofed: Flag[] = before.modified === now.modified ? ['mtime-spoofed'] : [];
  if (before.type !== now.type) return { kind: 'typechanged', flags: spoofed };
  const content = sameContent(raw, before, now, batch);
  if (content === false) return { kind: 'modified', flags: spoofed };
  const flags: Flag[] = content === undefined ? ['not-compared'] : [];
  if (
    before.mode !== now.mode ||
    before.uid !== now.uid ||
    before.gid !== now.gid ||
    !sameCapabilities(raw, batch)
  )
    return { kind: 'metadata', flags };
  return now.type === 'directory' ? undefined : { kind: 'touched', flags };
}

/** Undefined when the contents were not read on both sides. */
function sameContent(raw: string, before: Entry, now: Entry, batch: Batch): boolean | undefined {
  if (now.type === 'symlink') return before.target === now.target;
  if (isDevice(now)) return before.device === now.device;
  if (now.type !== 'file') return true;
  if (before.size !== now.size) return false;
  const [a, b] = [batch.imageHashes.get(raw), batch.containerHashes.get(raw)];
  return a === undefined || b === undefined ? undefined : a === b;
}

function sameCapabilities(raw: string, batch: Batch): boolean {
  return batch.imageCapabilities?.get(raw) === batch.containerCapabilities?.get(raw);
}

function flagsOf(raw: string, entry: Entry, batch: Batch): Flag[] {
  const flags: Flag[] = [];
  const file = entry.type === 'file';
  if (file && (entry.mode & 0o4000) !== 0) flags.push('setuid');
  if (file && (entry.mode & 0o2000) !== 0) flags.push('setgid');
  if (batch.containerCapabilities?.has(raw) === true) flags.push('capabilities');
  if (file && entry.size > 0 && ((entry.mode & 0o111) !== 0 || batch.starts.get(raw) === '\x7fELF'))
    flags.push('executable');
  const sticky = entry.type === 'directory' && (entry.mode & 0o1000) !== 0;
  if ((file || entry.type === 'directory') && (entry.mode & 0o002) !== 0 && !sticky)
    flags.push('world-writable');
  return flags;
}

function contentOf(start: string | undefined): { content?: 'elf' | 'script' } {
  if (start === '\x7fELF') return { content: 'elf' };
  return start?.startsWith('#!') === true ? { content: 'script' } : {};
}

import type { Entry } from './entry.ts';
import { factsOf, isDevice, isWhiteout } from './entry.ts';
import { pathText, timeText } from './path-text.ts';
import type { Blind, Change, ChangeKind, Flag } from './pod-diff.ts';
import type { Surroundings } from './surroundings.ts';
import { isMadeByRuntime, isShadowed } from './surroundings.ts';
import type { Walk } from './walk.ts';

/** A change with its raw path (one byte per character), for what still has to be done with the file. */
export interface RawChange {
  readonly raw: string;
  readonly change: Change;
}

export interface Classification {
  /** Sorted by path. */
  readonly changes: readonly RawChange[];
  readonly blind: readonly Blind[];
}

/** Judges one container: walk in, changes out. Nothing is dropped; what the runtime made is flagged `runtime`. */
export function classify(walk: Walk, surroundings: Surroundings): Classification {
  const changes: RawChange[] = [];
  const blind: Blind[] = complaintsOf(walk);
  const add = (raw: string, change: Omit<Change, 'path' | 'pathBytes'>): void => {
    changes.push({ raw, change: { ...pathText(raw), ...change } });
  };
  for (const [raw, now] of walk.container) {
    if (raw === '') continue;
    const before = walk.image.get(raw);
    if (before === undefined && walk.imageNames.has(raw)) {
      blind.push({ what: pathText(raw).path, why: 'the image has it, but its entry could not be read' });
      continue;
    }
    const change = judge(raw, before, now, walk);
    if (change === undefined) continue;
    const flags = [...flagsOf(raw, now, walk), ...change.flags];
    const runtime = change.kind === 'added' && isMadeByRuntime(raw, now, walk, surroundings);
    if (runtime) flags.push('runtime');
    else if (isShadowed(raw, surroundings)) flags.push('shadowed');
    if (change.flags.includes('not-compared')) blind.push(notCompared(raw, now));
    add(raw, {
      ...factsOf(now, walk.containerHashes.get(raw)),
      change: change.kind,
      type: now.type,
      ...contentOf(walk.starts.get(raw)),
      ...(before === undefined ? {} : { before: factsOf(before, walk.imageHashes.get(raw)) }),
      flags,
    });
  }
  for (const raw of walk.imageNames) {
    if (walk.containerNames.has(raw) || !isTopmost(raw, walk)) continue;
    const before = walk.image.get(raw);
    if (before === undefined) {
      blind.push({ what: pathText(raw).path, why: 'deleted, and its entry in the image could not be read' });
      continue;
    }
    add(raw, {
      change: 'deleted',
      type: before.type,
      before: factsOf(before, undefined),
      ...deletion(raw, walk),
    });
  }
  for (const raw of walk.containerNames)
    if (!walk.container.has(raw) && (walk.upper.has(raw) || !walk.imageNames.has(raw)))
      blind.push({ what: pathText(raw).path, why: 'it came or went while the container was read' });
  changes.sort((a, b) => (a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0));
  return { changes, blind };
}

/** Which change it is; undefined for what is the same, and for directories of which only the contents changed. */
function judge(
  raw: string,
  before: Entry | undefined,
  now: Entry,
  walk: Walk,
): { kind: ChangeKind; flags: Flag[] } | undefined {
  if (before === undefined) return { kind: 'added', flags: [] };
  const spoofed: Flag[] = before.modified === now.modified ? ['mtime-spoofed'] : [];
  if (before.type !== now.type) return { kind: 'typechanged', flags: spoofed };
  const content = sameContent(raw, before, now, walk);
  if (content === false) return { kind: 'modified', flags: spoofed };
  const flags: Flag[] = content === undefined ? ['not-compared'] : [];
  if (
    before.mode !== now.mode ||
    before.uid !== now.uid ||
    before.gid !== now.gid ||
    !sameCapabilities(raw, walk)
  )
    return { kind: 'metadata', flags };
  return now.type === 'directory' ? undefined : { kind: 'touched', flags };
}

/** Undefined when the contents were not read on both sides. */
function sameContent(raw: string, before: Entry, now: Entry, walk: Walk): boolean | undefined {
  if (now.type === 'symlink') return before.target === now.target;
  if (isDevice(now)) return before.device === now.device;
  if (now.type !== 'file') return true;
  if (before.size !== now.size) return false;
  const [a, b] = [walk.imageHashes.get(raw), walk.containerHashes.get(raw)];
  return a === undefined || b === undefined ? undefined : a === b;
}

function sameCapabilities(raw: string, walk: Walk): boolean {
  return walk.imageCapabilities?.get(raw) === walk.containerCapabilities?.get(raw);
}

function flagsOf(raw: string, entry: Entry, walk: Walk): Flag[] {
  const flags: Flag[] = [];
  const file = entry.type === 'file';
  if (file && (entry.mode & 0o4000) !== 0) flags.push('setuid');
  if (file && (entry.mode & 0o2000) !== 0) flags.push('setgid');
  if (walk.containerCapabilities?.has(raw) === true) flags.push('capabilities');
  if (file && entry.size > 0 && ((entry.mode & 0o111) !== 0 || walk.starts.get(raw) === '\x7fELF'))
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

/** False below a directory that is gone itself, or is none any more. */
function isTopmost(raw: string, walk: Walk): boolean {
  const parent = raw.slice(0, raw.lastIndexOf('/'));
  return walk.container.get(parent)?.type === 'directory';
}

/** A whiteout's inode is shared and tells no time; the directory's last change is not before the deletion. */
function deletion(raw: string, walk: Walk): { notAfter?: string; flags: Flag[] } {
  const mark = walk.upper.get(raw);
  const directory = walk.upper.get(raw.slice(0, raw.lastIndexOf('/')));
  return {
    ...(directory === undefined ? {} : { notAfter: timeText(directory.modified) }),
    flags: mark !== undefined && isWhiteout(mark) ? [] : ['opaque'],
  };
}

function notCompared(raw: string, entry: Entry): Blind {
  return {
    what: pathText(raw).path,
    why: `its content was not compared: ${entry.size} bytes are more than one file may have, or it changed meanwhile`,
  };
}

/** One line of the walk's errors each, the first ten; and what only a sandbox leaves in the writable layer. */
function complaintsOf(walk: Walk): Blind[] {
  const complaints = [...new Set(walk.complaints)];
  const shown = complaints.slice(0, 10);
  const blind: Blind[] = shown.map((line) => ({
    what: pathText(line).path,
    why: 'a part of the writable layer could not be read',
  }));
  if (complaints.length > shown.length)
    blind.push({
      what: `${complaints.length - shown.length} more`,
      why: 'a part of the writable layer could not be read',
    });
  for (const raw of walk.upper.keys())
    if (raw.startsWith('/.gvisor.filestore.'))
      blind.push({
        what: 'file system',
        why: 'gVisor keeps the changes inside its sandbox; the writable layer shows one file only',
        instead: 'save them on the node with: runsc tar rootfs-upper',
      });
  return blind;
}

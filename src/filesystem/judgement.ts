import { formatCount } from '../output/count.ts';
import type { ChangeLog } from './change-log.ts';
import { classify } from './classify.ts';
import type { Entry } from './entry.ts';
import { factsOf, isWhiteout } from './entry.ts';
import { detached, parentOf, pathText, timeText } from './path-text.ts';
import type { Blind, Change, Flag } from './pod-diff.ts';
import type { Rename } from './renames.ts';
import { findRenames, hasContent, likeness, type OneSided } from './renames.ts';
import { RuntimeEntries } from './runtime-entries.ts';
import type { Surroundings } from './surroundings.ts';
import { isShadowed } from './surroundings.ts';
import type { Batch } from './walk.ts';

/** Most one-sided entries that are kept in memory to tell renames; what is beyond shows as added and deleted. */
const mostOneSided = 100_000;
/** Paths named one by one among what is blind. */
const mostNamed = 20;

interface Kept extends OneSided {
  /** Of its change in the log; undefined for what is below a deleted directory. */
  readonly number: number | undefined;
  readonly sha256?: string;
}

/**
 * Judges one container batch by batch and puts the changes into a log; what was deleted comes first. Holds only what a later path may
 * still change: directories that were deleted, what may be renamed, what may be the runtime's.
 */
export class Judgement {
  readonly #log: ChangeLog;
  readonly #surroundings: Surroundings;
  readonly #watched: ReadonlySet<string>;
  readonly #copy: boolean;
  readonly #incident: bigint | undefined;
  readonly #runtime: RuntimeEntries<{ readonly number: number }>;
  readonly #blind: Blind[] = [];
  readonly #changed = new Set<string>();
  readonly #deletedDirectories = new Map<string, { readonly number: number; below: number }>();
  readonly #deleted: Kept[] = [];
  readonly #alike = new Set<string>();
  readonly #added: Kept[] = [];
  readonly #firstNames = new Map<string, string>();
  #unnamed = 0;
  #capabilities = true;

  /**
   * `watched`: paths, one byte per character, of which `changed` is to tell. `copy`: the container is a full copy of its image, so a
   * file that only lies there is no change, and no mark tells how a name went. `incident`: when it began, in nanoseconds since the
   * epoch; what changed since is marked.
   */
  constructor(
    log: ChangeLog,
    surroundings: Surroundings,
    {
      watched = new Set(),
      copy = false,
      incident,
    }: {
      readonly watched?: ReadonlySet<string>;
      readonly copy?: boolean;
      readonly incident?: bigint | undefined;
    } = {},
  ) {
    this.#log = log;
    this.#surroundings = surroundings;
    this.#watched = watched;
    this.#copy = copy;
    this.#incident = incident;
    this.#runtime = new RuntimeEntries(surroundings);
  }

  get blind(): readonly Blind[] {
    return this.#unnamed === 0
      ? this.#blind
      : [
          ...this.#blind,
          { what: formatCount(this.#unnamed, 'more path'), why: 'they could not be compared' },
        ];
  }

  /** Those of the watched paths whose content is the container's own. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  /** False when the collector had no getfattr. */
  get capabilities(): boolean {
    return this.#capabilities;
  }

  async batch(batch: Batch): Promise<void> {
    if (batch.kind === 'present' && batch.containerCapabilities === undefined) this.#capabilities = false;
    for (const raw of batch.paths)
      await (batch.kind === 'deleted' ? this.#deletion(raw, batch) : this.#presence(raw, batch));
  }

  /** What the walk complained of, the first of it. */
  complaints(lines: readonly string[]): void {
    for (const line of new Set(lines))
      this.#say(pathText(line).path, 'a part of the writable layer could not be read');
  }

  /** Files of the image whose content is to be hashed before `finish`, because something new looks like them. */
  renamedMaybe(): string[] {
    const wanted = new Set(this.#added.filter(({ entry }) => hasContent(entry)).map((one) => likeness(one)));
    return this.#deleted
      .filter((one) => hasContent(one.entry) && wanted.has(likeness(one)))
      .map(({ raw }) => raw);
  }

  /** Settles what only the whole shows. `imageHashes`: sha256 of what `renamedMaybe` named. */
  async finish(imageHashes: ReadonlyMap<string, string>): Promise<void> {
    const newHashes = new Map(this.#added.map(({ raw, sha256 }) => [raw, sha256]));
    const renames = findRenames(this.#deleted, this.#added, (from, to) => {
      const hash = imageHashes.get(from);
      return hash !== undefined && hash === newHashes.get(to);
    });
    await this.#rename(renames, imageHashes);
    for (const { number } of this.#runtime.made())
      await this.#update(number, ({ flags, ...change }) => ({
        ...change,
        flags: [...flags.filter((flag) => flag !== 'shadowed'), 'runtime'],
      }));
  }

  async #presence(raw: string, batch: Batch): Promise<void> {
    const now = batch.container.get(raw);
    const mark = batch.upper.get(raw);
    if (raw.startsWith('/.gvisor.filestore.')) this.#gvisor();
    if (now === undefined) {
      if (mark !== undefined && isWhiteout(mark)) return;
      this.#runtime.other(raw);
      this.#say(pathText(raw).path, 'it came or went while the container was read');
      return;
    }
    if (raw === '') return;
    const before = batch.image.get(raw);
    const change = classify(raw, before, now, batch);
    if (change === undefined || (this.#copy && isUntouched(change))) {
      this.#runtime.other(raw);
      return;
    }
    if (change.flags.includes('not-compared'))
      this.#say(
        change.path,
        `its content was not compared: ${now.size} bytes are more than one file may have, or it changed meanwhile`,
      );
    const flags: Flag[] = isShadowed(raw, this.#surroundings) ? ['shadowed'] : [];
    if (this.#incident !== undefined && now.changed >= this.#incident) flags.push('since-incident');
    const number = await this.#log.append({
      ...change,
      ...this.#hardLink(raw, now, mark),
      flags: [...change.flags, ...flags],
    });
    if (this.#watched.has(raw) && ['added', 'modified', 'typechanged'].includes(change.change))
      this.#changed.add(raw);
    if (change.change !== 'added') {
      this.#runtime.other(raw);
      return;
    }
    this.#runtime.added(detached(raw), now, { number });
    this.#addition(raw, now, number, change.sha256);
  }

  /** Keeps what may be a deleted entry under a new name, and every directory. */
  #addition(raw: string, entry: Entry, number: number, sha256: string | undefined): void {
    const key = likeness({ raw, entry });
    if (key === undefined ? this.#deletedDirectories.size === 0 : !this.#alike.has(key)) return;
    if (this.#added.length < mostOneSided)
      this.#added.push({
        raw: detached(raw),
        entry: detachedEntry(entry),
        number,
        ...(sha256 === undefined ? {} : { sha256 }),
      });
  }

  async #deletion(raw: string, batch: Batch): Promise<void> {
    const before = batch.image.get(raw);
    if (before === undefined || batch.container.has(raw)) {
      this.#say(pathText(raw).path, 'it came or went while the container was read');
      return;
    }
    if (batch.container.get(parentOf(raw))?.type !== 'directory') {
      const top = this.#topOf(raw);
      if (top !== undefined) top.below += 1;
      this.#keepDeleted(raw, before, undefined);
      return;
    }
    const mark = batch.upper.get(raw);
    const directory = batch.upper.get(parentOf(raw));
    const number = await this.#log.append({
      ...pathText(raw),
      change: 'deleted',
      type: before.type,
      before: factsOf(before, undefined),
      // A whiteout's inode is shared and tells no time; the directory's last change is not before the deletion.
      ...(directory === undefined ? {} : { notAfter: timeText(directory.modified) }),
      flags: this.#copy || (mark !== undefined && isWhiteout(mark)) ? [] : ['opaque'],
    });
    if (before.type === 'directory') this.#deletedDirectories.set(detached(raw), { number, below: 0 });
    this.#keepDeleted(raw, before, number);
  }

  #keepDeleted(raw: string, entry: Entry, number: number | undefined): void {
    if (this.#deleted.length >= mostOneSided) return;
    const one = { raw: detached(raw), entry: detachedEntry(entry), number };
    this.#deleted.push(one);
    const key = likeness(one);
    if (key !== undefined) this.#alike.add(key);
  }

  /** The deleted directory that is named for a path in it. */
  #topOf(raw: string): { readonly number: number; below: number } | undefined {
    for (let end = raw.length; end > 0; end = raw.lastIndexOf('/', end - 1)) {
      const found = this.#deletedDirectories.get(raw.slice(0, end));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #rename(renames: readonly Rename[], imageHashes: ReadonlyMap<string, string>): Promise<void> {
    const added = new Map(this.#added.map(({ raw, number }) => [raw, number]));
    const gone = new Set<string>();
    for (const { from, to } of renames) {
      gone.add(from.raw);
      const { path, pathBytes } = pathText(from.raw);
      await this.#update(added.get(to.raw), (change) => ({
        ...change,
        change: 'renamed',
        from: path,
        ...(pathBytes === undefined ? {} : { fromBytes: pathBytes }),
        before: factsOf(from.entry, imageHashes.get(from.raw)),
      }));
    }
    for (const { raw, number } of this.#deleted) {
      const top = number === undefined ? this.#topOf(raw) : undefined;
      if (top !== undefined && gone.has(raw)) top.below -= 1;
    }
    for (const { raw, number, entry } of this.#deleted) {
      if (number === undefined) continue;
      const below = this.#deletedDirectories.get(raw)?.below ?? 0;
      if (gone.has(raw) && below === 0) this.#log.drop(number);
      else if (entry.type === 'directory') await this.#update(number, (change) => ({ ...change, below }));
    }
  }

  async #update(number: number | undefined, to: (change: Change) => Change): Promise<void> {
    if (number !== undefined) await this.#log.replace(number, to(await this.#log.read(number)));
  }

  /** Names of one file of the writable layer, known by its inode there. */
  #hardLink(raw: string, now: Entry, mark: Entry | undefined): { readonly hardLinkOf?: string } {
    if (now.type !== 'file' || mark === undefined || mark.links < 2) return {};
    const first = this.#firstNames.get(mark.inode);
    if (first !== undefined) return { hardLinkOf: pathText(first).path };
    if (this.#firstNames.size < mostOneSided) this.#firstNames.set(detached(mark.inode), detached(raw));
    return {};
  }

  #gvisor(): void {
    this.#blind.push({
      what: 'file system',
      why: 'gVisor keeps the changes inside its sandbox; the writable layer shows one file only',
      instead: 'save them on the node with: runsc tar rootfs-upper',
    });
  }

  #say(what: string, why: string): void {
    if (this.#blind.length < mostNamed) this.#blind.push({ what, why });
    else this.#unnamed += 1;
  }
}

function isUntouched({ change, flags, mtime, before }: Change): boolean {
  return change === 'touched' && mtime === before?.mtime && !flags.includes('not-compared');
}

function detachedEntry(entry: Entry): Entry {
  const { target, device, inode } = entry;
  return {
    ...entry,
    device: detached(device),
    inode: detached(inode),
    ...(target === undefined ? {} : { target: detached(target) }),
  };
}

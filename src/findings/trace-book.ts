import type { BodyfileEntry } from '../artifacts/bodyfile.ts';
import type { AuditRecord } from '../artifacts/audit.ts';
import type { HeldSocket } from '../artifacts/joined.ts';
import type { KubeletConfiguration } from '../artifacts/kubelet-config.ts';
import { isMalformed, type Malformed } from '../artifacts/lines.ts';
import type { JournalNumbers } from '../artifacts/journal-numbers.ts';
import type { KernelModule } from '../artifacts/modules.ts';
import type { Mount } from '../artifacts/mountinfo.ts';
import type { OciSpec } from '../artifacts/oci-spec.ts';
import type { InstalledPackage, PackageFile } from '../artifacts/package.ts';
import { procPath } from '../artifacts/proc-path.ts';
import type { LoginRecord } from '../artifacts/utmp.ts';
import { type ContainerChanges, parseContainerChanges } from './container-changes.ts';
import { ClusterBook } from './cluster-book.ts';
import type { Source, Traced } from './finding.ts';
import type { BookGap, Docket, Lack } from './docket.ts';
import { type Ask, type Need, type NeedFacts, needs } from './need.ts';
import { mergedProcess, Page } from './page.ts';
import { LogBook } from './log-book.ts';
import { ProgramBook } from './program-book.ts';
import { isTelling } from './telling.ts';
import type { MountTable, NodeTraces, TracedFile, TracedLink, TracedProcess, TracedSpec } from './traces.ts';
import type { RecordParser } from './wanted.ts';

/** An item as the book takes it. */
export interface BookItem {
  /** In the tar, raw bytes. */
  readonly name: Buffer;
  readonly source: Source;
  readonly sha256?: string;
  /** Seconds since the epoch, as lstat had them on the node. */
  readonly modified?: number;
  readonly changed?: number;
  readonly size?: number;
  /** Not all of it came. */
  readonly cut?: true;
  /** When its first byte came, seconds since the epoch by the responder's clock. */
  readonly collected?: number;
}

/** Records that are kept of one sort; what comes behind them is a gap of its item. */
const most = 200_000;

/** Names that tell of a need whether it is there. */
const shows: readonly RegExp[] = Object.values(needs).flatMap(({ shownBy, none }: NeedFacts) => [
  ...shownBy,
  ...(none?.shownBy ?? []),
  ...(none?.without ?? []),
]);

/** Writes down what the acquisitions of a case hold of one node, as rules read it. */
export class TraceBook {
  readonly node: string;
  readonly gaps: BookGap[] = [];
  readonly #shown = new Set<RegExp>();
  readonly #processes = new Map<string, TracedProcess>();
  readonly #sockets: Traced<HeldSocket>[] = [];
  readonly #tables: { pid: number; page: number; source: Source; mounts: Mount[] }[] = [];
  readonly #specifications: Traced<TracedSpec>[] = [];
  readonly #cluster = new ClusterBook();
  readonly #modules: Traced<KernelModule>[] = [];
  readonly #kubelets: Traced<KubeletConfiguration>[] = [];
  readonly #logins: Traced<LoginRecord | Malformed>[] = [];
  readonly #metadata: Traced<BodyfileEntry>[] = [];
  readonly #files = new Map<string, Traced<TracedFile>[]>();
  readonly #links: Traced<TracedLink>[] = [];
  readonly #programs = new ProgramBook();
  readonly #changes: Traced<readonly ContainerChanges[]>[] = [];
  readonly #logs = new LogBook();
  readonly #own = new Set<string>();
  readonly #mountNamespaces: Map<number, number>[] = [];
  readonly #asked = new Set<Ask>();
  /** Items of this acquisition of which records were not kept. */
  readonly #full = new Set<string>();
  #askedUnknown = false;
  #begun: string | undefined;
  #page = new Page();
  #malformed = 0;

  constructor(node: string) {
    this.node = node;
  }

  /** Pieces that are no records of their format. */
  get malformed(): number {
    return this.#malformed;
  }

  /**
   * Begins an acquisition; `own` is the id of the container that collected it, `asked` what it asked for: where that is not
   * known, everything counts as asked for.
   */
  begin(started: string, own: string | undefined, asked?: readonly Ask[]): void {
    for (const ask of asked ?? []) this.#asked.add(ask);
    this.#askedUnknown ||= asked === undefined;
    this.#begun = this.#begun === undefined || started < this.#begun ? started : this.#begun;
    if (own !== undefined) this.#own.add(own.replace(/^[a-z0-9-]+:\/\//, ''));
    this.#page = new Page();
    this.#mountNamespaces.push(new Map());
  }

  addGap(name: Buffer, why: string): void {
    this.gaps.push({ name: name.toString('latin1'), why });
  }

  /** Items that are in the tar of an acquisition and of which nobody knows any more what they are. */
  addUnknown(acquisition: string, why: string): void {
    this.gaps.push({ name: acquisition, why, any: true });
    this.#logs.unknown = true;
  }

  /** A journal of which not even the beginning came. */
  addLostJournal(name: Buffer, why: string): void {
    const text = name.toString('latin1');
    this.gaps.push({ name: headerOf(text), why });
    this.#logs.addUnread(text);
  }

  /** A journal by its numbers; `came` tells whether all of it did. */
  addJournal({ name, source, collected }: BookItem, numbers: JournalNumbers, came: boolean): void {
    const text = name.toString('latin1');
    if (!this.#logs.addJournal(text, source, numbers, came, collected))
      this.gaps.push({ name: headerOf(text), why: 'it is no journal of a known form' });
    if (numbers.tooMany) this.gaps.push({ name: text, why: 'its numbers have too many holes to be held' });
  }

  addLink(item: BookItem, target: Buffer): void {
    const name = item.name.toString('latin1');
    this.#show(name);
    this.#page.addLink(item.name, item.source, target);
    const path = procPath(item.name);
    const inode = path?.rest === 'ns/mnt' ? /^mnt:\[([0-9]{1,15})\]$/.exec(target.toString('latin1')) : null;
    if (path !== undefined && inode !== null) this.#mountNamespaces.at(-1)?.set(path.pid, Number(inode[1]));
    if (path === undefined && name.startsWith('[root]/'))
      this.#keep(this.#links, { source: item.source, value: { path: name.slice('[root]'.length), target } });
  }

  /** An item with content that no rule reads still shows that it was looked for, and its digest may tell what it is. */
  addSeen(item: BookItem): void {
    const name = item.name.toString('latin1');
    this.#show(name);
    this.#logs.addItem(name, item.source, item);
    const kept = /^live_response\/process\/([0-9]{1,9})\/exe$/.exec(name)?.[1];
    if (kept !== undefined && item.sha256 !== undefined)
      this.#page.addKept(Number(kept), item.source, item.sha256);
  }

  addBytes(item: BookItem, bytes: Buffer): void {
    const name = item.name.toString('latin1');
    const { source } = item;
    if (ClusterBook.wants(name)) this.#addGapOf(name, this.#cluster.add(name, source, bytes));
    else if (ProgramBook.wants(name)) this.#malformed += this.#programs.add(name, source, bytes);
    else if (name === 'live_response/pod-diff.json') this.#addChanges(source, bytes);
    else {
      this.#page.addFile(item.name, source, bytes);
      if (
        !/^\[root\]\/proc\/(?:[0-9]+\/(?:stat|status|cmdline|cgroup|environ)|(?:[0-9]+\/)?net\/)/.test(name)
      ) {
        const { modified, changed, cut } = item;
        const file = {
          path: name.startsWith('[root]/') ? name.slice('[root]'.length) : name,
          bytes,
          ...(modified === undefined ? {} : { modified }),
          ...(changed === undefined ? {} : { changed }),
          ...(cut === undefined ? {} : { cut }),
        };
        this.#files.set(name, [...(this.#files.get(name) ?? []), { source, value: file }]);
      }
    }
  }

  addRecord(item: BookItem, parser: RecordParser, record: object): void {
    const { source } = item;
    if (isMalformed(record)) {
      this.#malformed += 1;
      if (parser === 'utmp') this.#keep(this.#logins, { source, value: record });
      return;
    }
    switch (parser) {
      case 'mount table':
        this.#addMount(item, record as Mount);
        return;
      case 'modules':
        this.#keep(this.#modules, { source, value: record as KernelModule });
        return;
      case 'bodyfile':
        if (isTelling(record as BodyfileEntry))
          this.#keep(this.#metadata, { source, value: record as BodyfileEntry });
        return;
      case 'utmp':
        this.#keep(this.#logins, { source, value: record as LoginRecord });
        return;
      case 'oci spec':
        this.#addSpecification(item, record as OciSpec);
        return;
      case 'kubelet configuration':
        // Wherever its command line says that it lies.
        for (const pattern of needs['configuration of the kubelet'].shownBy) this.#shown.add(pattern);
        this.#keep(this.#kubelets, { source, value: record as KubeletConfiguration });
        return;
      case 'audit':
        this.#logs.addAudit(source, record as AuditRecord);
        return;
      case 'package sums':
        this.#programs.addPackageFile(source, record as PackageFile);
        return;
      case 'apk database':
      case 'rpm database':
        for (const file of (record as InstalledPackage).files ?? [])
          this.#programs.addPackageFile(source, file);
    }
  }

  /** Ends an acquisition. */
  end(): void {
    for (const process of this.#page.processes()) {
      const key = `${process.pid} ${process.stat?.startTicks ?? ''}`;
      const before = this.#processes.get(key);
      this.#processes.set(key, before === undefined ? process : mergedProcess(before, process));
    }
    for (const socket of this.#page.sockets()) this.#keep(this.#sockets, socket);
    this.#malformed += this.#page.malformed;
    this.gaps.push(...this.#page.gaps);
    for (const name of this.#full)
      this.gaps.push({ name, why: `more than ${most} of its sort; what came behind was not looked at` });
    this.#full.clear();
  }

  /** True when the case has what a need stands for. */
  has(need: Need): boolean {
    return needs[need].shownBy.every((pattern) => this.#shown.has(pattern));
  }

  /** What rules are judged on. */
  docket(): Docket {
    return {
      traces: this.traces(),
      gaps: this.gaps,
      has: (need) => this.has(need),
      lackOf: (need) => this.#lackOf(needs[need]),
    };
  }

  traces(): NodeTraces {
    const processes = [...this.#processes.values()].filter(
      ({ container }) => container.containerId === undefined || !this.#own.has(container.containerId),
    );
    const host = processes.findLast(({ pid }) => pid === 1);
    return {
      node: this.node,
      processes,
      ...(host === undefined ? {} : { host }),
      sockets: this.#sockets.filter(({ value }) => !value.holders.some((holder) => this.#isOwn(holder))),
      mountTables: this.#mountTables(),
      specifications: this.#specifications.filter(({ value }) => !this.#own.has(value.id)),
      ...this.#cluster.traces(),
      modules: this.#modules,
      kubelets: this.#kubelets,
      logins: this.#logins,
      logs: this.#logs,
      metadata: this.#metadata,
      files: this.#files,
      links: this.#links,
      programs: this.#programs.programs,
      packageFiles: this.#programs.packageFiles,
      changes: this.#changes,
      own: this.#own,
      begun: this.#begun ?? '',
    };
  }

  #isOwn({ container }: { readonly container: { readonly containerId?: string } }): boolean {
    return container.containerId !== undefined && this.#own.has(container.containerId);
  }

  #lackOf({ askedBy, none }: NeedFacts): Lack {
    const has = (pattern: RegExp): boolean => this.#shown.has(pattern);
    if (none !== undefined && none.shownBy.every(has) && !none.without.some(has)) return 'none';
    return this.#askedUnknown || askedBy.some((ask) => this.#asked.has(ask)) ? 'missing' : 'not-asked';
  }

  #show(name: string): void {
    for (const pattern of shows)
      if (!this.#shown.has(pattern) && pattern.test(name)) this.#shown.add(pattern);
  }

  #addSpecification({ name, source }: BookItem, spec: OciSpec): void {
    const known = ({ source: { acquisition }, value }: Traced<TracedSpec>): boolean =>
      value.id === spec.id && acquisition === source.acquisition;
    // CRI-O keeps the same file in two places.
    if (name.includes('/var/lib/containers/') && this.#specifications.some(known)) return;
    this.#keep(this.#specifications, { source, value: specOf(spec, name) });
  }

  #addMount({ name, source }: BookItem, mount: Mount): void {
    const pid = procPath(name)?.pid;
    if (pid === undefined) return;
    const page = this.#mountNamespaces.length - 1;
    const last = this.#tables.at(-1);
    if (last?.pid === pid && last.page === page) last.mounts.push(mount);
    else this.#tables.push({ pid, page, source, mounts: [mount] });
  }

  #mountTables(): Map<string, MountTable> {
    const tables = new Map<string, MountTable>();
    for (const { pid, page, source, mounts } of this.#tables) {
      const inode = this.#mountNamespaces[page]?.get(pid);
      if (inode !== undefined) tables.set(`${source.acquisition} ${inode}`, { source, mounts });
    }
    return tables;
  }

  #addChanges(source: Source, bytes: Buffer): void {
    const value = parseContainerChanges(bytes);
    if (value === undefined) this.#addGapOf('live_response/pod-diff.json', 'it is no comparison');
    else this.#changes.push({ source, value });
  }

  #keep<T>(list: Traced<T>[], one: Traced<T>): void {
    if (list.length < most) list.push(one);
    else this.#full.add(one.source.name);
  }

  /** Of an item that is not what its name says. */
  #addGapOf(name: string, why: string | undefined): void {
    if (why === undefined) return;
    this.#malformed += 1;
    this.gaps.push({ name, why });
  }
}

/** What is missing of a journal that was cut is of no matter to rules, as long as its header came. */
function headerOf(journal: string): string {
  return `header of ${journal}`;
}

function specOf(spec: OciSpec, name: Buffer): TracedSpec {
  const match = /runtime\.v2\.task\/([^/]+)\//.exec(name.toString('latin1'));
  return { ...spec, runtimeNamespace: match?.[1] ?? (spec.manager === 'libpod' ? 'podman' : 'k8s.io') };
}

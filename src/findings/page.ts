import { JoinedTables } from '../artifacts/joined.ts';
import type { HeldSocket } from '../artifacts/joined.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { procPath } from '../artifacts/proc-path.ts';
import { ProcessTable } from '../artifacts/process-table.ts';
import { formatCount } from '../output/count.ts';
import type { BookGap } from './docket.ts';
import type { Source, Traced } from './finding.ts';
import type { TracedProcess } from './traces.ts';

const ticksPerSecond = 100;
/** Open files of a process that are kept; few have more, and who wants to hide one among them can. */
const mostDescriptors = 4096;

interface Links {
  readonly descriptors: Map<number, Traced<Buffer>>;
  /** The first descriptor that was not kept, and how many there are. */
  more?: { readonly name: string; count: number };
  root?: Traced<Buffer>;
  environment?: Traced<Buffer>;
  source?: Source;
}

/** The processes and sockets of one acquisition, put together from many small files in any order. */
export class Page {
  readonly #tables = new JoinedTables();
  readonly #links = new Map<number, Links>();
  readonly #digests = new Map<number, Traced<string>>();
  /** Of what the tables are made, by name. */
  readonly #sources = new Map<string, Source>();
  #uptime: number | undefined;
  #malformed = 0;

  /** Rows of tables that are no rows; known after `sockets`. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Open files that were not kept, by their process. */
  get gaps(): BookGap[] {
    return [...this.#links.values()].flatMap(({ more }) =>
      more === undefined
        ? []
        : [
            {
              name: more.name,
              why: `${formatCount(more.count, 'open file')} of its process, beyond ${mostDescriptors}, not looked at`,
            },
          ],
    );
  }

  addFile(name: Buffer, source: Source, bytes: Buffer): void {
    const text = name.toString('latin1');
    if (text === '[root]/proc/uptime') this.#uptime = Number.parseFloat(bytes.toString('latin1'));
    const path = procPath(name);
    if (path?.rest === 'environ') this.#of(path.pid).environment = { source, value: bytes };
    if (path !== undefined && ProcessTable.wants(name)) this.#of(path.pid).source ??= source;
    if (!JoinedTables.wants(name)) return;
    this.#tables.add(name, bytes);
    this.#sources.set(text, source);
  }

  addLink(name: Buffer, source: Source, target: Buffer): void {
    this.#tables.addLink(name, target);
    const path = procPath(name);
    if (path === undefined) return;
    const links = this.#of(path.pid);
    if (path.rest === 'root') links.root = { source, value: target };
    if (path.rest === 'exe') links.source ??= source;
    const number = /^fd\/([0-9]{1,9})$/.exec(path.rest)?.[1];
    if (number === undefined) return;
    if (links.descriptors.size < mostDescriptors)
      links.descriptors.set(Number(number), { source, value: target });
    else (links.more ??= { name: name.toString('latin1'), count: 0 }).count += 1;
  }

  /** The digest of a program that was kept of a process. */
  addKept(pid: number, source: Source, sha256: string): void {
    this.#digests.set(pid, { source, value: sha256 });
  }

  processes(): TracedProcess[] {
    return this.#tables.processes().flatMap((process) => {
      const links = this.#links.get(process.pid);
      if (links?.source === undefined) return [];
      const { source, descriptors, root, environment } = links;
      const started = (process.stat?.startTicks ?? 0) / ticksPerSecond;
      const kept = this.#digests.get(process.pid);
      return [
        {
          ...process,
          source,
          looks: new Set([source.acquisition]),
          descriptors,
          ...(root === undefined ? {} : { root }),
          ...(environment === undefined ? {} : { environment }),
          ...(kept === undefined ? {} : { kept }),
          ...(this.#uptime === undefined || process.stat === undefined
            ? {}
            : { lifetime: this.#uptime - started }),
          young: this.#uptime !== undefined && started >= this.#uptime - 1,
        },
      ];
    });
  }

  /** Sockets that are connected, that listen, or that see packets past the ports; the others say nothing to a rule. */
  sockets(): Traced<HeldSocket>[] {
    const telling: Traced<HeldSocket>[] = [];
    for (const socket of this.#tables.sockets()) {
      if (isMalformed(socket)) {
        this.#malformed += 1;
        continue;
      }
      const source = this.#sources.get(socket.table);
      if (source === undefined) continue;
      const inet = 'remotePort' in socket && (socket.remotePort > 0 || socket.state === 'LISTEN');
      const raw = ['raw', 'raw6', 'packet'].includes(socket.family);
      if (inet || raw) telling.push({ source, value: socket });
    }
    return telling;
  }

  #of(pid: number): Links {
    const found = this.#links.get(pid);
    if (found !== undefined) return found;
    const made: Links = { descriptors: new Map() };
    this.#links.set(pid, made);
    return made;
  }
}

/** Two looks at one process: what the later one did not bring stays from the earlier one. */
export function mergedProcess(before: TracedProcess, later: TracedProcess): TracedProcess {
  // How long it had run belongs to the look that has its times.
  const timed = later.stat === undefined ? later : { lifetime: 0, ...later };
  const brought = Object.entries(timed).filter(([, value]) => value !== undefined && !isEmpty(value));
  return {
    ...before,
    ...(Object.fromEntries(brought) as Partial<TracedProcess>),
    looks: new Set([...before.looks, ...later.looks]),
    deleted: before.deleted || later.deleted,
    young: before.young && later.young,
  };
}

function isEmpty(value: unknown): boolean {
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

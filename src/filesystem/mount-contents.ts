import type { ItemSink } from '../artifacts/item.ts';
import type { Mount } from '../artifacts/mountinfo.ts';
import type { Collector } from '../collector/collector.ts';
import { mountsScript } from '../collector/scripts.ts';
import { Capture } from './capture.ts';
import { factsOf, parseFacts } from './entry.ts';
import { pathText } from './path-text.ts';
import type { MountContent, MountEntry } from './pod-diff.ts';
import { scriptInput } from './script-input.ts';
import { walkToken } from './walk-token.ts';

/** Entries of one mount that are named one by one. */
const mostNamed = 1000;
const listingLimit = 64 * 1024 * 1024;

/** A mount whose content is to be listed. */
export interface Listed {
  readonly mount: Mount;
  /** Where the node has it, one byte per character; without it, it is read through the process. */
  readonly nodePath?: string;
  readonly pid: number;
}

/** True for what a container can fill and no image has: memory, and directories that live as long as the pod. */
export function isListed({ type, point, root }: Mount, nodePath = ''): boolean {
  const path = point.toString('latin1');
  if (/^\/(?:proc|sys)(?:\/|$)|^\/dev$/.test(path) || path.startsWith('/var/run/secrets/')) return false;
  const volume = /\/kubernetes\.io~([a-z-]+)\//.exec(`${nodePath}/ ${root.toString('latin1')}/`)?.[1];
  return volume === undefined ? type === 'tmpfs' : volume === 'empty-dir';
}

/**
 * A list of what lies on some mounts of one container, and what of it changed `since` (nanoseconds since the epoch, such as the pod's
 * creation). diff-mounts.sh makes it, by itself or before a walk of the layers. What is not there any more, or was replaced, is left
 * out. On the node's side nothing changes but, for what only the process sees, times of access.
 */
export class MountListing {
  readonly token = walkToken();
  /** Takes the items of the script. */
  readonly sink: Capture;
  readonly #id: string;
  readonly #listed: readonly Listed[];
  readonly #since: bigint;

  constructor(id: string, listed: readonly Listed[], since: bigint, sink: ItemSink) {
    this.sink = new Capture(sink, new Set(['container-mount']), listingLimit);
    this.#id = id;
    this.#listed = listed;
    this.#since = since;
  }

  /** Number of the mounts. */
  get count(): number {
    return this.#listed.length;
  }

  /** Two lines for each mount. */
  get input(): Buffer {
    return Buffer.concat(
      this.#listed.flatMap(({ mount, nodePath, pid }) => [
        Buffer.from(`${deviceNumber(mount.device)} ${nodePath === undefined ? pid : 'node'}\n`),
        scriptInput([nodePath ?? mount.point.toString('latin1')]),
      ]),
    );
  }

  /** Lists them by itself. */
  async collect(collector: Collector, signal: AbortSignal): Promise<void> {
    if (this.count === 0) return;
    const words = [this.token, this.#id, String(this.count)];
    await collector.collect(mountsScript(), words, this.sink, signal, this.input);
  }

  /** What came, once the script has ended. */
  contents(): Map<Mount, MountContent> {
    const contents = new Map<Mount, MountContent>();
    for (const [i, { mount, nodePath }] of this.#listed.entries()) {
      const item = this.sink.items.get(`live_response/containers/${this.#id}/mounts/${i + 1}`);
      if (item?.bytes === undefined || !['ok', 'truncated'].includes(item.end.outcome)) continue;
      const text = item.bytes.toString('latin1');
      const entries = parseEntries(text, mount.point.toString('latin1'), this.token);
      const newer = entries.filter(({ changed }) => changed >= this.#since).map(({ entry }) => entry);
      contents.set(mount, {
        newer: newer.length,
        readFrom: nodePath === undefined ? 'process' : 'node',
        ...(item.end.outcome === 'ok' ? {} : { cut: true }),
        entries: newer.slice(0, mostNamed),
      });
    }
    return contents;
  }
}

/** Records `FACTS PATH TOKEN |PATH TOKEN \n` of diff-mounts.sh behind its line `TOKEN>entries`; the last may be cut. */
export function parseEntries(
  text: string,
  point: string,
  token: string,
): { readonly entry: MountEntry; readonly changed: bigint }[] {
  const mark = `${token}>entries\n`;
  const start = text.indexOf(mark);
  if (start < 0) return [];
  const pieces = text.slice(start + mark.length).split(token);
  const entries: { entry: MountEntry; changed: bigint }[] = [];
  for (let i = 0; i + 2 < pieces.length; i += 2) {
    const [, facts = '', path = ''] = /^\n?((?:[^|\n]*\|){12})\.(\/.*)$/s.exec(pieces[i] ?? '') ?? [];
    const found = parseFacts(facts);
    if (found === undefined) continue;
    const link = `|'.${path}' -> '`;
    const named = pieces[i + 1] ?? '';
    const target = named.startsWith(link) ? { target: named.slice(link.length, -1) } : {};
    const shown = factsOf({ ...found, ...target }, undefined);
    entries.push({ entry: { ...pathText(point + path), ...shown }, changed: found.changed });
  }
  return entries;
}

/** `major:minor` as st_dev (glibc gnu_dev_makedev). */
function deviceNumber(device: string): bigint {
  const [major = 0n, minor = 0n] = device.split(':').map(BigInt);
  return (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n);
}

import type { ItemSink } from '../artifacts/item.ts';
import type { Mount } from '../artifacts/mountinfo.ts';
import type { Collector } from '../collector/collector.ts';
import { Capture } from './capture.ts';
import { factsOf, parseFacts } from './entry.ts';
import { pathText } from './path-text.ts';
import type { MountContent, MountEntry } from './pod-diff.ts';
import { scriptInput } from './script-input.ts';
import { walkToken } from './walk-container.ts';

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
 * Lists mounts and tells of each what changed `since` (nanoseconds since the epoch, such as the pod's creation). What is not there any
 * more, or was replaced, is left out. On the node's side nothing changes but, for what only the process sees, times of access.
 */
export async function listMounts(
  collector: Collector,
  id: string,
  listed: readonly Listed[],
  since: bigint,
  { sink, signal }: { readonly sink: ItemSink; readonly signal: AbortSignal },
): Promise<Map<Mount, MountContent>> {
  const contents = new Map<Mount, MountContent>();
  if (listed.length === 0) return contents;
  const token = walkToken();
  const capture = new Capture(sink, new Set(['container-mount']), listingLimit);
  const lines = listed.map(({ mount, nodePath, pid }) =>
    Buffer.concat([
      Buffer.from(`${deviceNumber(mount.device)} ${nodePath === undefined ? pid : 'node'}\n`),
      scriptInput([nodePath ?? mount.point.toString('latin1')]),
    ]),
  );
  await collector.collect('diff-mounts', [token, id], capture, signal, Buffer.concat(lines));
  for (const [i, { mount, nodePath }] of listed.entries()) {
    const item = capture.items.get(`live_response/containers/${id}/mounts/${i + 1}`);
    if (item?.bytes === undefined || !['ok', 'truncated'].includes(item.end.outcome)) continue;
    const entries = parseEntries(item.bytes.toString('latin1'), mount.point.toString('latin1'), token);
    const newer = entries.filter(({ changed }) => changed >= since).map(({ entry }) => entry);
    contents.set(mount, {
      newer: newer.length,
      readFrom: nodePath === undefined ? 'process' : 'node',
      ...(item.end.outcome === 'ok' ? {} : { cut: true }),
      entries: newer.slice(0, mostNamed),
    });
  }
  return contents;
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

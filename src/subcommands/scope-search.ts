import { createReadStream } from 'node:fs';
import { lineBlocks } from '../artifacts/blocks.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { splitNul } from '../artifacts/nul-list.ts';
import { parseApiAudit } from '../artifacts/api-audit.ts';
import { openWhole } from '../evidence/exhibits.ts';
import { itemName, type ItemRecord } from '../evidence/item-record.ts';
import type { AcquisitionReader } from '../evidence/reader.ts';
import { type Addresses, auditTouches } from '../findings/audit-touch.ts';
import type { ClusterAddress } from '../findings/cluster-address.ts';
import type { Source } from '../findings/finding.ts';
import { type Indicator, indicatorKey } from '../findings/indicator.ts';
import type { NodeTraces } from '../findings/traces.ts';
import { type HashedFile, type Touch, touchesOf } from '../findings/touch.ts';
import { OperationError } from '../output/errors.ts';
import { nodeOf, readTraces } from './case-traces.ts';

/** What searching a case came to. */
export interface SearchedCase {
  readonly touches: readonly Touch[];
  readonly nodes: readonly NodeTraces[];
  /** Addresses of the cluster's own, as far as they are known. */
  readonly cluster: readonly ClusterAddress[];
  /** What of it can't be read; a sentence each. */
  readonly damaged: readonly string[];
}

const longestList = 64 * 1024 * 1024;
const runningName = 'live_response/process/hash_running_processes.sha256';
const askedName = 'live_response/scope/files.txt';

/** Looks for indicators in a case, or in those acquisitions of it that are named; `known` are addresses of the cluster. Throws OperationError when there is no case. */
export async function searchCase(
  dir: string,
  indicators: readonly Indicator[],
  signal: AbortSignal,
  only?: ReadonlySet<string>,
  known: readonly ClusterAddress[] = [],
): Promise<SearchedCase> {
  const { books, damaged, denied } = await readTraces(
    dir,
    signal,
    only === undefined ? undefined : (name) => only.has(name),
  );
  const { opened } = await openWhole(dir);
  const wanted = new Set(indicators.filter(({ type }) => type === 'sha256').map(({ value }) => value));
  const nodes = books.map((book) => book.traces());
  const cluster = [...known, ...nodes.flatMap(({ clusterAddresses = [] }) => clusterAddresses)];
  const shared = new Set(cluster.map(({ address }) => address));
  const faults = [...damaged, ...denied];
  const touches: Touch[] = [];
  for (const traces of nodes) {
    const files: HashedFile[] = [];
    for (const { name, reader } of opened)
      if (nodeOf(reader.info) === traces.node && only?.has(name) !== false)
        for (const item of reader.items) {
          signal.throwIfAborted();
          try {
            files.push(...(await filesOf(name, reader, item, wanted)));
          } catch (error) {
            if (!(error instanceof OperationError)) throw error;
            faults.push(`${name}: ${error.message}`);
          }
        }
    touches.push(...touchesOf(indicators, { traces, files, shared }));
  }
  return { touches, nodes, cluster, damaged: [...new Set(faults)] };
}

/** Digests of the programs that processes of a case run, given as `ACQUISITION PID`. */
export async function programsOf(
  dir: string,
  pids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const programs = new Set<string>();
  const { opened } = await openWhole(dir);
  for (const { name, reader } of opened)
    for (const item of reader.items) {
      signal.throwIfAborted();
      if (item.name !== runningName || item.offset === undefined || item.size === 0) continue;
      const source = { acquisition: name, item: item.item, name: item.name };
      for (const { sha256, pid } of running(source, await reader.bytes(item, longestList)))
        if (pids.has(`${name} ${pid ?? ''}`)) programs.add(sha256);
    }
  return programs;
}

async function filesOf(
  acquisition: string,
  reader: AcquisitionReader,
  item: ItemRecord,
  wanted: ReadonlySet<string>,
): Promise<HashedFile[]> {
  const source = { acquisition, item: item.item, name: item.name };
  const name = itemName(item).toString('latin1');
  if (item.offset !== undefined && item.type === 'file' && item.size > 0) {
    if (name === runningName) return running(source, await reader.bytes(item, longestList));
    if (name === askedName) return asked(source, await reader.bytes(item, longestList));
  }
  if (item.sha256 === undefined || !wanted.has(item.sha256)) return [];
  const pid = Number(/^live_response\/process\/([0-9]{1,9})\/exe$/.exec(name)?.[1] ?? 0);
  const path = Buffer.from(name.replace(/^\[root\]/, ''), 'latin1');
  return [{ source, sha256: item.sha256, path, runs: pid > 0, ...(pid > 0 ? { pid } : {}) }];
}

/** Lines of sha256sum over /proc/PID/exe. */
function running(source: Source, bytes: Buffer): HashedFile[] {
  return [...bytes.toString('latin1').matchAll(/^([0-9a-f]{64}) [ *]\/proc\/([0-9]{1,9})\/exe$/gm)].map(
    ([, sha256 = '', pid]) => ({
      source,
      sha256,
      pid: Number(pid),
      path: Buffer.from(`/proc/${pid ?? ''}/exe`),
      runs: true,
    }),
  );
}

/** What scope.sh answered: `SHA256 /proc/PID/root/PATH`, each ended by NUL. */
function asked(source: Source, bytes: Buffer): HashedFile[] {
  return splitNul(bytes).flatMap((line) => {
    const match = /^([0-9a-f]{64}) \/proc\/([0-9]{1,9})\/root(\/.*)$/s.exec(line.toString('latin1'));
    const [, sha256, pid, path] = match ?? [];
    return sha256 === undefined || path === undefined
      ? []
      : [{ source, sha256, pid: Number(pid), path: Buffer.from(path, 'latin1'), runs: false }];
  });
}

/** Looks through an audit log of the API server, a file with an event on each line; who does the same again is told once. */
export async function searchAuditLog(
  file: string,
  indicators: readonly Indicator[],
  addresses: Addresses,
  signal: AbortSignal,
): Promise<{ readonly touches: Touch[]; readonly malformed: number }> {
  const found = new Map<string, Touch>();
  let malformed = 0;
  let line = 0;
  for await (const block of lineBlocks(createReadStream(file, { signal }) as AsyncIterable<Buffer>)) {
    if (isMalformed(block)) {
      malformed += 1;
      continue;
    }
    for (const event of parseApiAudit(block.bytes)) {
      line += 1;
      if (isMalformed(event)) {
        malformed += 1;
        continue;
      }
      const source = { acquisition: file, item: line, name: event.id };
      for (const touch of auditTouches(event, source, indicators, addresses)) {
        const key = JSON.stringify([indicatorKey(touch.indicator), touch.subject]);
        if (!found.has(key)) found.set(key, touch);
      }
    }
  }
  return { touches: [...found.values()], malformed };
}

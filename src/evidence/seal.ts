import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildInfo } from '../output/build.ts';
import { OperationError } from '../output/errors.ts';
import { escapeForTerminal, isPlain } from '../output/escape.ts';
import { parseAcquisitionRecord } from './acquisition-record.ts';
import { declarationText, formatBagInfo } from './bag-declaration.ts';
import type { CaseDetails } from './case-record.ts';
import type { Case } from './case.ts';
import { hasCode, onDisk, writeDurable } from './durable-file.ts';
import { hashFiles } from './hash-files.ts';
import { layout, tagFiles } from './layout.ts';
import { formatManifest } from './manifest.ts';
import { walkFiles } from './payload.ts';
import { syncFiles } from './sync-files.ts';

/** Digests that every manifest of ours comes in. */
const algorithms = ['sha256', 'sha512'] as const;
const sealing = 'seal the case';

interface Digests {
  readonly sha256: Map<string, string>;
  readonly sha512: Map<string, string>;
  bytes: number;
}

/**
 * Makes the case a BagIt 1.0 bag (RFC 8493): custody gets its `seal` line, then manifests, bag-info and tag manifests
 * are written, the mark of a whole seal last. A sealed case is left as it is. Throws OperationError while an
 * acquisition runs, or when the payload holds what a bag can't.
 */
export async function sealCase(opened: Case, signal?: AbortSignal): Promise<void> {
  const { custody, dir } = opened;
  if (custody.sealed) return;
  await refuseRunning(dir);
  if (custody.head.action !== 'seal')
    await custody.append({ action: 'seal', object: opened.name, result: 'done' });
  const { time, digest } = custody.head;
  await custody.sealWith(async () => {
    const payload = await onDisk(sealing, () => hashPayload(dir, signal));
    const labels = [
      ['Bag-Software-Agent', `kubectl-ir ${buildInfo().version}`],
      ['Bagging-Date', time.slice(0, 10)],
      ['External-Identifier', opened.name],
      ...detailLabels(opened.record),
      ['Kubectl-Ir-Custody-Head', digest],
      ['Kubectl-Ir-Sealed', time],
      ['Payload-Oxum', `${payload.bytes}.${payload.sha256.size}`],
    ] as const;
    await onDisk(sealing, () => writeTagFiles(dir, payload, formatBagInfo(labels)));
  });
}

/** What the organisation knows the case by: labels of RFC 8493, 2.2.2 where it has one, else of our own. */
function detailLabels(details: CaseDetails): (readonly [string, string])[] {
  const { number, evidenceNumbers = [], examiner, organisation } = details;
  return [
    ...(organisation === undefined ? [] : [['Source-Organization', organisation] as const]),
    ...(examiner === undefined ? [] : [['Contact-Name', examiner] as const]),
    ...(number === undefined ? [] : [['Internal-Sender-Identifier', number] as const]),
    ...evidenceNumbers.map((evidence) => ['Kubectl-Ir-Evidence-Number', evidence] as const),
  ];
}

async function refuseRunning(dir: string): Promise<void> {
  for (const name of await readdir(join(dir, layout.acquisitions)).catch(noneWhenMissing)) {
    const object = `${layout.acquisitions}/${name}`;
    // What is no acquisition does not run; what can't be read is told when it is hashed.
    const text = await readFile(join(dir, object, layout.acquisitionRecord), 'utf8').catch(() => '');
    if (parseAcquisitionRecord(text)?.outcome !== 'running') continue;
    throw new OperationError(`cannot seal the case: ${object} is still running`, {
      advice: 'wait until it has ended',
    });
  }
}

/** Digests of all files of the payload, which are then on disk. */
async function hashPayload(dir: string, signal: AbortSignal | undefined): Promise<Digests> {
  const digests: Digests = { sha256: new Map(), sha512: new Map(), bytes: 0 };
  const paths = payloadPaths(dir, signal);
  await hashFiles({ root: dir, paths, algorithmsOf: () => algorithms, signal }, (path, file) => {
    if (file.kind !== 'file') throw unfit(path);
    digests.bytes += file.size;
    for (const algorithm of algorithms) digests[algorithm].set(path, file.digests.get(algorithm) ?? '');
  });
  await syncFiles(dir, [...digests.sha256.keys()], { signal });
  return digests;
}

async function* payloadPaths(dir: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for await (const { path, kind } of walkFiles(dir, 'data')) {
    signal?.throwIfAborted();
    if (kind !== 'file' || path.includes('\ufffd') || !isPlain(path)) throw unfit(path);
    yield path;
  }
}

function unfit(path: string): OperationError {
  return new OperationError(`cannot seal the case: ${escapeForTerminal(path)} can be no file of a bag`, {
    advice: 'only plain files with printable names may lie in data/; move it elsewhere',
  });
}

async function writeTagFiles(dir: string, payload: Digests, bagInfo: string): Promise<void> {
  const texts = new Map<string, string>([
    ['bagit.txt', declarationText],
    ['bag-info.txt', bagInfo],
    ...algorithms.map(
      (algorithm) => [`manifest-${algorithm}.txt`, formatManifest(payload[algorithm])] as const,
    ),
  ]);
  const tags = [...texts];
  for (const algorithm of algorithms) {
    const digests = tags.map(
      ([name, text]) => [name, createHash(algorithm).update(text).digest('hex')] as const,
    );
    texts.set(`tagmanifest-${algorithm}.txt`, formatManifest(new Map(digests)));
  }
  for (const name of tagFiles) await writeDurable(join(dir, name), texts.get(name) ?? '');
}

function noneWhenMissing(error: unknown): string[] {
  if (!hasCode(error, 'ENOENT')) throw error;
  return [];
}

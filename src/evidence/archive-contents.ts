import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VerificationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { parseAcquisitionRecord } from './acquisition-record.ts';
import { hasCode } from './durable-file.ts';
import { layout, signaturePlace, tagFiles } from './layout.ts';
import { parseManifest } from './manifest.ts';
import { walkFiles } from './payload.ts';
import { changedInSeal } from './seal-check.ts';

/** What goes into an archive of a sealed case, in its order. */
export interface ArchiveContents {
  /** Time of the seal. */
  readonly sealed: Date;
  readonly files: readonly ArchiveFile[];
  /** Items that may hold credentials. */
  readonly sensitive: number;
}

export interface ArchiveFile {
  /** Relative to the case. */
  readonly path: string;
  readonly stats: Stats;
  /** What the bag says of it; tag manifests and signatures stand in none. */
  readonly sha256: string | undefined;
}

/** The error for a sealed case whose files are not those of the seal. */
export function changedSinceSeal(path: string): VerificationError {
  return new VerificationError(`${escapeForTerminal(path)} is not what was sealed; nothing was archived`, {
    advice: 'see what else is changed with: kubectl ir verify CASE',
  });
}

/**
 * Lists a sealed case: tag files and signatures first, so that a reader knows what to expect; in the payload an acquisition's tar
 * comes after its index. Throws VerificationError when a file was added or is missing since the seal, or what seals and signs is not as it was.
 */
export async function listContents(dir: string): Promise<ArchiveContents> {
  const digests = await readDigests(dir, 'manifest-sha256.txt', 'data/');
  const tagDigests = await readDigests(dir, 'tagmanifest-sha256.txt', '');
  const payload: string[] = [];
  for await (const { path, kind } of walkFiles(dir, 'data')) {
    if (kind !== 'file' || !digests.has(path)) throw changedSinceSeal(path);
    payload.push(path);
  }
  const present = new Set(payload);
  for (const path of digests.keys()) if (!present.has(path)) throw changedSinceSeal(path);
  const signed = await signatures(dir);
  const changed = await changedInSeal(dir, signed);
  if (changed !== undefined) throw changedSinceSeal(changed);
  const isTar = (path: string): boolean =>
    path.startsWith(`${layout.acquisitions}/`) && path.endsWith('.tar');
  const order = [...tagFiles, ...signed, ...payload.filter((path) => !isTar(path)), ...payload.filter(isTar)];
  const files: ArchiveFile[] = [];
  for (const path of order)
    files.push({
      path,
      stats: await lstat(join(dir, path)),
      sha256: digests.get(path) ?? tagDigests.get(path),
    });
  return { sealed: await sealTime(dir), files, sensitive: await countSensitive(dir, payload) };
}

/** Signatures over the seal, made after it; the tag manifests know nothing of them. */
async function signatures(dir: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { path, kind } of walkFiles(dir, signaturePlace)) {
      if (kind !== 'file') throw changedSinceSeal(path);
      found.push(path);
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return found;
}

async function countSensitive(dir: string, payload: readonly string[]): Promise<number> {
  let count = 0;
  for (const path of payload) {
    if (!path.startsWith(`${layout.acquisitions}/`) || !path.endsWith(`/${layout.acquisitionRecord}`))
      continue;
    count += parseAcquisitionRecord(await readFile(join(dir, path), 'utf8'))?.items.sensitive ?? 0;
  }
  return count;
}

async function readDigests(dir: string, name: string, prefix: string): Promise<ReadonlyMap<string, string>> {
  try {
    return parseManifest(await readFile(join(dir, name), 'utf8'), prefix).digests;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw changedSinceSeal(name);
  }
}

/** bag-info.txt has it, since lines after the seal may follow in custody. */
async function sealTime(dir: string): Promise<Date> {
  const text = await readFile(join(dir, 'bag-info.txt'), 'utf8');
  const time = Date.parse(/^Kubectl-Ir-Sealed: (.+)$/m.exec(text)?.[1] ?? '');
  if (Number.isNaN(time)) throw changedSinceSeal('bag-info.txt');
  return new Date(time);
}

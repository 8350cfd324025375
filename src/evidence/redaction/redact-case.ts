import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { UsageError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { changedSinceSeal, listContents } from '../archive-contents.ts';
import { encodeCaseRecord } from '../case-record.ts';
import { openCase, type Case } from '../case.ts';
import { hasCode, onDisk, syncDirectory, writeDurable } from '../durable-file.ts';
import { layout, sealMark } from '../layout.ts';
import { sealCase } from '../seal.ts';
import { Placeholders } from './placeholder.ts';
import { redactStream, type RedactionProfile } from './profile.ts';
import { redactAcquisition } from './redact-acquisition.ts';
import { redactionKey } from './redaction-key.ts';
import {
  encodeRedactionRecord,
  parseRedaction,
  redactionFile,
  type RedactionRecord,
} from './redaction-record.ts';

/**
 * Makes a second, sealed case beside a case, `CASE.redacted`, in which placeholders stand for what the profile replaces; it
 * says which case and seal it was made from. The case itself is sealed, when it is not, and else left alone, but for a
 * line in its custody beside the seal. One that was made before from the same seal is used again. Returns its directory.
 * Throws UsageError when another redaction has the name, VerificationError when the case is not what was sealed.
 */
export async function redactCase(
  io: Io,
  dir: string,
  profile: RedactionProfile,
  signal?: AbortSignal,
): Promise<string> {
  const original = await openCase(io, { dir, target: '', create: false });
  try {
    await sealCase(original, signal);
    const target = `${original.dir}.redacted`;
    const seal = sha256(await readFile(join(original.dir, sealMark)));
    const there = await redactionIn(target);
    if (there?.seal === seal && there.profile === profile) return target;
    if (there !== undefined)
      throw new UsageError(`${target} is another redaction of the case; move it elsewhere first`);
    await onDisk('make the redacted case', () => make(io, original, target, { profile, seal }, signal));
    const details = { profile, seal: sha256(await readFile(join(target, sealMark))) };
    await original.custody.appendAfterSeal({
      action: 'redact',
      object: basename(target),
      result: 'done',
      details,
    });
    return target;
  } finally {
    await original.close();
  }
}

/** Profile and seal of a finished redaction at `target`; undefined when nothing is there. */
async function redactionIn(
  target: string,
): Promise<{ readonly profile: string; readonly seal: string } | undefined> {
  try {
    await readFile(join(target, sealMark));
    return parseRedaction(await readFile(join(target, redactionFile), 'utf8')) ?? { profile: '', seal: '' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Under another name until it is whole and sealed, so that a killed process leaves nothing with the name. */
async function make(
  io: Io,
  original: Case,
  target: string,
  made: { readonly profile: RedactionProfile; readonly seal: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const unfinished = `${target}.tmp`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(join(unfinished, 'data'), { recursive: true, mode: 0o700 });
    const name = `${original.name}-redacted`;
    await writeDurable(join(unfinished, layout.caseRecord), encodeCaseRecord({ ...original.record, name }));
    const copy = await openCase(io, { dir: unfinished, target: '', create: false });
    try {
      await fill(original, copy, made, signal);
      await sealCase(copy, signal);
    } finally {
      await copy.close();
    }
    await rename(unfinished, target);
    await syncDirectory(dirname(target));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  original: Case,
  copy: Case,
  { profile, seal }: { readonly profile: RedactionProfile; readonly seal: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const placeholders = new Placeholders(await redactionKey(original.dir));
  const { files } = await listContents(original.dir);
  const head = /^Kubectl-Ir-Custody-Head: ([0-9a-f]{64})$/m.exec(
    await readFile(join(original.dir, 'bag-info.txt'), 'utf8'),
  )?.[1];
  const from = { name: original.name, seal, custodyHead: head ?? '' };
  await copy.custody.append({
    action: 'redact',
    object: original.name,
    result: 'started',
    details: { profile, ...from },
  });
  // The contents of tars are checked against their indexes while they are read.
  for (const { path, sha256: wanted } of files)
    if (!path.endsWith('.tar')) await checkDigest(original.dir, path, wanted);
  let items = 0;
  for (const { path } of files) {
    signal?.throwIfAborted();
    const [, object, name] = /^(data\/acquisitions\/[^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (object !== undefined) {
      if (name !== layout.acquisitionRecord) continue;
      await mkdir(join(copy.dir, object), { recursive: true, mode: 0o700 });
      const redacted = await redactAcquisition(
        join(original.dir, object),
        join(copy.dir, object),
        placeholders,
        signal,
      );
      items += redacted.items;
      const details = { sha256: redacted.recordDigest };
      await copy.custody.append({ action: 'acquire', object, result: redacted.outcome, details });
    } else if (path.startsWith('data/') && path !== layout.caseRecord && path !== layout.custody)
      await copyText(original.dir, copy.dir, path, placeholders);
  }
  const record: RedactionRecord = {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Redaction',
    profile,
    original: from,
    items,
    placeholders: placeholders.count,
  };
  await writeDurable(join(copy.dir, redactionFile), encodeRedactionRecord(record));
  await copy.custody.append({
    action: 'redact',
    object: original.name,
    result: 'done',
    details: { items, placeholders: placeholders.count },
  });
}

/** Findings, timeline, report: text with excerpts of the evidence. */
async function copyText(from: string, to: string, path: string, placeholders: Placeholders): Promise<void> {
  await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
  const file = await open(join(to, path), 'wx', 0o600);
  try {
    const source = createReadStream(join(from, path)) as AsyncIterable<Buffer>;
    for await (const chunk of Readable.from(redactStream(source, placeholders)))
      await file.appendFile(chunk as Buffer);
  } finally {
    await file.close();
  }
}

async function checkDigest(dir: string, path: string, wanted: string | undefined): Promise<void> {
  if (wanted === undefined) return;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(dir, path))) hash.update(chunk as Buffer);
  if (hash.digest('hex') !== wanted) throw changedSinceSeal(path);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

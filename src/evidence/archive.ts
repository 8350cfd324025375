import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildInfo } from '../output/build.ts';
import type { Io } from '../output/io.ts';
import { formatRecipient, type Recipient } from './age/keys.ts';
import { encrypt } from './age/stream.ts';
import { listContents, type ArchiveContents } from './archive-contents.ts';
import { streamArchive, type ArchiveFormat } from './archive-stream.ts';
import { openCase, type Case } from './case.ts';
import { fileDestination, type ArchiveIdentity, type Destination } from './destination.ts';
import { Digested } from './digested.ts';
import { sealMark } from './layout.ts';
import { sealCase } from './seal.ts';

export interface PackOptions {
  readonly format: ArchiveFormat;
  /** Where it goes; default is a file with the case's name and the format's ending, beside the case. */
  readonly destination?: Destination;
  /** Whom it is encrypted to; default nobody. */
  readonly recipients?: readonly Recipient[];
  /** Told the payload's bytes done and in all. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface PackedCase {
  readonly name: string;
  /** The destination by its name; a file by its path. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Files in it. */
  readonly files: number;
  /** When the case was sealed, RFC 3339. */
  readonly sealed: string;
  /** Items in it that may hold credentials. */
  readonly sensitive: number;
}

/** Room for headers, directories and padding: generous per file, and once. */
const overheadPerFile = 4096;
const overhead = 1024 * 1024;

/**
 * Packs a case into one archive with the case's name as its top directory; seals it first when it is not sealed. The
 * bytes follow from the sealed case alone: fixed order, modes, owners, and the time of the seal. Every file is checked
 * against the bag while it is packed. Custody is told before and after, beside the seal. Throws what the destination's
 * `check` throws, VerificationError when a file is not what the bag says; then nothing is left at the destination.
 */
export async function packCase(io: Io, dir: string, options: PackOptions): Promise<PackedCase> {
  const opened = await openCase(io, { dir, target: '', create: false });
  try {
    const { format, recipients = [] } = options;
    const ending = recipients.length > 0 ? `${format}.age` : format;
    const path = join(dirname(opened.dir), `${opened.name}.${ending}`);
    const destination = options.destination ?? fileDestination(path);
    await destination.check(opened.dir);
    await sealCase(opened, options.signal);
    const contents = await listContents(opened.dir);
    const { size, sha256 } = await exported(opened, destination.name, format, recipients, () =>
      write(opened, contents, destination, options),
    );
    const sealed = contents.sealed.toISOString();
    const { files, sensitive } = contents;
    return {
      name: opened.name,
      path: destination.name,
      size,
      sha256,
      files: files.length,
      sealed,
      sensitive,
    };
  } finally {
    await opened.close();
  }
}

interface Written {
  readonly size: number;
  readonly sha256: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Does `work` between two lines of custody; a failure has its line too, as far as it can be written. */
async function exported(
  { custody }: Case,
  object: string,
  format: ArchiveFormat,
  recipients: readonly Recipient[],
  work: () => Promise<Written>,
): Promise<Written> {
  const act = { action: 'export', object };
  const encryptedTo = recipients.map(formatRecipient);
  const what = { format, ...(encryptedTo.length > 0 ? { encryptedTo } : {}) };
  await custody.appendAfterSeal({ ...act, result: 'started', details: what });
  try {
    const written = await work();
    const { size, sha256, facts } = written;
    await custody.appendAfterSeal({ ...act, result: 'done', details: { ...what, size, sha256, ...facts } });
    return written;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await custody
      .appendAfterSeal({ ...act, result: 'failed', details: { ...what, reason } })
      .catch(() => undefined);
    throw error;
  }
}

async function write(
  opened: Case,
  contents: ArchiveContents,
  destination: Destination,
  { format, recipients = [], progress, signal }: PackOptions,
): Promise<Written> {
  const { dir, name } = opened;
  const archive: ArchiveIdentity = {
    dir,
    content: await identify(dir, contents, format, recipients),
    most: mostBytes(contents),
  };
  const seed = await destination.begin(archive);
  const digested = new Digested();
  const copied = destination.copies && recipients.length === 0;
  const job = { dir, name, contents, copied, progress, signal };
  const facts = await streamArchive(format, job, (packed) => {
    const bytes = recipients.length === 0 ? packed : encrypt(packed, recipients, seed);
    return destination.write(digested.through(bytes), archive, digested);
  });
  return { size: digested.size, sha256: digested.sha256, facts };
}

/** What the bytes of an archive follow from, beside a seed: the seal, signatures, format, and who compresses. */
async function identify(
  dir: string,
  { files }: ArchiveContents,
  format: ArchiveFormat,
  recipients: readonly Recipient[],
): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(dir, sealMark)));
  for (const { path, sha256, stats } of files)
    hash.update(`\0${path}\0${stats.size}\0${sha256 ?? (await digestOf(join(dir, path)))}`);
  const { version, commit = '', node, platform } = buildInfo();
  const maker = [format, ...recipients.map(formatRecipient), version, commit, node, platform];
  return hash.update(`\0${maker.join('\0')}`).digest('hex');
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** Compression of what cannot be compressed adds less than a thousandth, encryption less than that. */
function mostBytes({ files }: ArchiveContents): number {
  const bytes = files.reduce((sum, { stats }) => sum + stats.size + overheadPerFile, overhead);
  return Math.ceil(bytes * 1.002);
}

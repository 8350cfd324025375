import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseRecipient, parseRecipients, type Recipient } from '../evidence/age/keys.ts';
import { archiveFormats, type ArchiveFormat } from '../evidence/archive-stream.ts';
import { packCase } from '../evidence/archive.ts';
import { fileDestination, streamDestination, type Destination } from '../evidence/destination.ts';
import { hasCode, readFailure } from '../evidence/durable-file.ts';
import { type RedactionProfile, redactionProfiles } from '../evidence/redaction/profile.ts';
import { redactCase } from '../evidence/redaction/redact-case.ts';
import { StorageDestination } from '../evidence/storage/storage-destination.ts';
import { connectAs, StorageObject } from '../evidence/storage/storage-object.ts';
import { isStorageUrl, parseStorageUrl } from '../evidence/storage/storage-url.ts';
import { formatCount } from '../output/count.ts';
import { UsageError } from '../output/errors.ts';
import { type Io, writeLine } from '../output/io.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { formatSize } from '../output/size.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { signWith } from './signing.ts';

interface Plan {
  readonly dir: string;
  readonly format: ArchiveFormat;
  readonly recipients: readonly Recipient[];
  readonly destination: Destination | undefined;
  readonly redact: RedactionProfile | undefined;
  /** File of the key to sign the case with before it is packed. */
  readonly sign: string | undefined;
}

/** Shortest time between two reports of how far it is. */
const reportEveryMs = 200;
const toStdout = '-';

/**
 * `kubectl ir archive CASE`: seals a case and packs it. Prints sha256 and place as sha256sum does; on stderr when the
 * archive itself goes to stdout.
 */
export const command = defineCommand({
  flags: {
    output: {
      type: 'string',
      short: 'o',
      summary: 'archive to write (default CASE.FORMAT); the same as --to FILE',
      placeholder: 'FILE',
    },
    to: {
      type: 'string',
      summary: 'where it goes: a file, s3://BUCKET/KEY, or - for stdout',
      placeholder: 'PLACE',
    },
    format: {
      type: 'string',
      summary: 'kind of archive (default by the ending of the name, else tar.gz)',
      choices: archiveFormats,
      placeholder: 'FORMAT',
    },
    'encrypt-to': {
      type: 'string',
      repeated: true,
      summary: 'encrypt to an age recipient: age1…, or a file with one per line',
      placeholder: 'RECIPIENT',
    },
    redact: {
      type: 'string',
      summary: 'pack a second case, in which placeholders stand for what the profile replaces',
      choices: redactionProfiles,
      placeholder: 'PROFILE',
    },
    sign: {
      type: 'string',
      summary: 'sign it first, as case sign does; an ssh key, or a public one of an ssh-agent',
      placeholder: 'KEY',
    },
  },
  afterInterrupt: 'the case is whole and no half archive has its name; run it again',
  complete: async (words, flags, { io, signal }): Promise<Plan> => {
    const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (dir === undefined || dir === '' || more.length > 0)
      throw new UsageError('archive takes one case directory: kubectl ir archive CASE');
    if (flags.output === '') throw new UsageError('-o needs the name of a file');
    if (flags.output !== undefined && flags.to !== undefined)
      throw new UsageError('-o and --to both say where the archive goes; give one of them');
    if (flags.sign === '') throw new UsageError('--sign needs the file of a key');
    const place = flags.output ?? flags.to;
    const recipients = (await Promise.all(flags['encrypt-to'].map(readRecipients))).flat();
    return {
      dir,
      format: chooseFormat(flags.format, place),
      recipients: unique(recipients),
      destination: place === undefined ? undefined : destinationOf(place, io, signal),
      redact: redactionProfiles.find((profile) => profile === flags.redact),
      sign: flags.sign,
    };
  },
  run: async ({ dir, format, recipients, destination, redact, sign }, context) => {
    const { io, signal } = context;
    const progress = createProgress(io);
    const packedDir = redact === undefined ? dir : await redacted(context, progress, dir, redact);
    if (sign !== undefined) await signWith(context, packedDir, sign);
    const started = io.monotonic();
    const options = { format, recipients, signal, progress: reporter(io, progress) };
    const packed = await packCase(io, packedDir, {
      ...options,
      ...(destination === undefined ? {} : { destination }),
    }).finally(() => destination?.close());
    const encrypted = recipients.length > 0 ? `, encrypted to ${recipients.length}` : '';
    const detail = `${formatCount(packed.files, 'file')}, ${formatSize(packed.size)}${encrypted}, sealed ${packed.sealed}`;
    await progress.step('archive', detail, io.monotonic() - started);
    if (packed.sensitive > 0)
      await progress.warn(
        `the archive holds ${formatCount(packed.sensitive, 'item')} with credentials; keep it closed`,
      );
    await writeLine(packed.path === toStdout ? io.stderr : io.stdout, `${packed.sha256}  ${packed.path}`);
    return 0;
  },
});

/** Makes the second case that is packed in place of the first. */
async function redacted(
  { io, signal }: CommandContext,
  progress: Progress,
  dir: string,
  profile: RedactionProfile,
): Promise<string> {
  const started = io.monotonic();
  const made = await redactCase(io, dir, profile, signal);
  await progress.step('redact', made, io.monotonic() - started);
  return made;
}

function destinationOf(place: string, io: Io, signal: AbortSignal): Destination {
  if (place === toStdout) return streamDestination(io.stdout);
  if (isStorageUrl(place))
    return new StorageDestination(new StorageObject(parseStorageUrl(place), connectAs(io), signal));
  const [, scheme] = /^([a-z0-9+.-]+):\/\//i.exec(place) ?? [];
  if (scheme !== undefined)
    throw new UsageError(`an archive cannot go to ${place}: ${scheme} is not known here`);
  return fileDestination(resolve(place));
}

/** Without `--format` the ending of the name decides, `.age` left aside; else it is tar.gz. */
function chooseFormat(asked: string | undefined, place: string | undefined): ArchiveFormat {
  const name = place?.replace(/\.age$/, '');
  const ending = archiveFormats.find((format) => name?.endsWith(`.${format}`));
  return archiveFormats.find((format) => format === asked) ?? ending ?? 'tar.gz';
}

/** One recipient, or those of a file. */
async function readRecipients(word: string): Promise<readonly Recipient[]> {
  const recipient = parseRecipient(word);
  if (recipient !== undefined) return [recipient];
  const found = await readFile(word, 'utf8').then(parseRecipients, (error: unknown) =>
    hasCode(error, 'ENOENT')
      ? 'there is no such file either'
      : `it can't be read (${readFailure(error) ?? String(error)})`,
  );
  if (typeof found !== 'string') return found;
  throw new UsageError(`--encrypt-to ${word} is no X25519 recipient of age (age1…), and as a file: ${found}`);
}

function unique(recipients: readonly Recipient[]): Recipient[] {
  return [...new Map(recipients.map((recipient) => [recipient.toString('hex'), recipient])).values()];
}

function reporter(io: Io, progress: Progress): (done: number, total: number) => void {
  const started = io.monotonic();
  let last = started;
  return (done, total) => {
    const now = io.monotonic();
    if (now - last < reportEveryMs) return;
    last = now;
    const left = (((now - started) / done) * (total - done)) / 1000;
    const rate = formatSize((done * 1000) / (now - started));
    const text = `${formatSize(done)} of ${formatSize(total)}, ${rate}/s, ${left.toFixed(0)}s left`;
    progress.running('archive', text).catch(() => undefined);
  };
}

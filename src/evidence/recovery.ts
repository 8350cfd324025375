import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, open, readdir, readFile, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../output/errors.ts';
import { escapeForTerminal, isPlain } from '../output/escape.ts';
import type { Io } from '../output/io.ts';
import {
  encodeAcquisitionRecord,
  parseAcquisitionRecord,
  type AcquisitionRecord,
} from './acquisition-record.ts';
import type { Custody } from './custody.ts';
import { hasCode, writeDurable } from './durable-file.ts';
import { encodeItemRecord, itemHeader, parseItemRecord, type ItemRecord } from './item-record.ts';
import { ItemTally } from './item-tally.ts';
import { layout, signaturePlace, tagFiles } from './layout.ts';
import { linesOf } from './lines.ts';
import { decodeTarName, tarEnd, tarPadding } from './tar-header.ts';

const killed = 'the process that collected it was killed';
/** A header with its long names is far shorter; only a name that is longer goes unnamed. */
const headerLimit = 128 * 1024;

/**
 * Mends what a killed process left in a case whose lock is held: the tar and items.jsonl of an acquisition that still
 * says `running` are cut back to the last complete item, the item that was in progress gets a line, the record says
 * `partial`. Can itself be killed and repeated. The case may have been in other hands: nothing is written where a link leads, and
 * OperationError names one in place of a file.
 */
export async function recoverAcquisitions(io: Io, caseDir: string, custody: Custody): Promise<void> {
  const parent = join(caseDir, layout.acquisitions);
  for (const name of await readdir(parent).catch(noneWhenMissing)) {
    const dir = join(parent, name);
    if (!(await lstat(dir)).isDirectory()) continue;
    const text = await readFile(join(dir, layout.acquisitionRecord), 'utf8').catch(emptyWhenMissing);
    if (text === '') await removeBeginning(dir);
    const record = parseAcquisitionRecord(text);
    if (record?.outcome !== 'running') continue;
    const mended = await recover(io, dir, record);
    await writeDurable(join(dir, layout.acquisitionRecord), mended);
    await custody.append({
      action: 'recover',
      object: `${layout.acquisitions}/${name}`,
      result: 'partial',
      details: { sha256: createHash('sha256').update(mended).digest('hex') },
    });
  }
}

/** Removes what a killed process was about to put into its place, in a case whose lock is held. */
export async function removeHalfWritten(caseDir: string): Promise<void> {
  const signatures = await readdir(join(caseDir, signaturePlace)).catch(noneWhenMissing);
  const halves = [
    ...[layout.caseRecord, layout.findings, ...tagFiles].map((file) => `${file}.tmp`),
    ...signatures
      .filter((name) => /\.(?:sig|txt)\.tmp$/.test(name))
      .map((name) => `${signaturePlace}/${name}`),
  ];
  for (const file of halves) await rm(join(caseDir, file), { force: true });
}

/** Ends a change of case.json that was killed: custody gets the digest of what is there, the old record or the new one. */
export async function recoverRecord(caseDir: string, custody: Custody): Promise<void> {
  const { action, result, object } = custody.last ?? {};
  if (action !== 'describe' || result !== 'started' || object === undefined) return;
  const content = await readFile(join(caseDir, layout.caseRecord));
  const sha256 = createHash('sha256').update(content).digest('hex');
  await custody.append({ action, object, result: 'recovered', details: { sha256 } });
}

async function recover(io: Io, dir: string, record: AcquisitionRecord): Promise<string> {
  await rm(join(dir, layout.reserve), { force: true });
  const tar = await openToMend(join(dir, record.tar.name));
  const items = await openToMend(join(dir, layout.items));
  try {
    const tarSize = (await tar.stat()).size;
    const whole = await readWhole(join(dir, layout.items), tarSize);
    await items.truncate(whole.length);
    const lost = await lostItem(tar, whole, io.now().toISOString());
    if (lost !== undefined) {
      const line = Buffer.from(encodeItemRecord(lost));
      await items.write(line, 0, line.length, whole.length);
      whole.hash.update(line);
      whole.tally.add(lost);
    }
    await items.sync();
    await tar.truncate(whole.tarEnd);
    await tar.write(tarEnd, 0, tarEnd.length, whole.tarEnd);
    await tar.sync();
    return encodeAcquisitionRecord({
      ...record,
      finished: io.now().toISOString(),
      outcome: 'partial',
      reason: killed,
      tar: { ...record.tar, size: whole.tarEnd + tarEnd.length },
      ...whole.tally.summary(whole.hash.digest('hex')),
    });
  } finally {
    await tar.close();
    await items.close();
  }
}

interface Whole {
  readonly tally: ItemTally;
  readonly hash: ReturnType<typeof createHash>;
  /** Bytes of items.jsonl that hold good lines. */
  readonly length: number;
  /** End of the last of these items in the tar. */
  readonly tarEnd: number;
  readonly last: ItemRecord | undefined;
}

/** The leading lines whose items lie one after the other in the tar, as far as the tar goes. */
async function readWhole(path: string, tarSize: number): Promise<Whole> {
  const tally = new ItemTally();
  const hash = createHash('sha256');
  let length = 0;
  let end = 0;
  let last: ItemRecord | undefined;
  for await (const { bytes, ended } of linesOf(createReadStream(path))) {
    const record = ended ? parseItemRecord(bytes.toString()) : undefined;
    if (record === undefined) break;
    if (record.offset !== undefined) {
      const after = record.offset + record.size + tarPadding(record.size);
      if (record.offset - itemHeader(record).length !== end || after > tarSize) break;
      end = after;
    }
    tally.add(record);
    hash.update(bytes).update('\n');
    length += bytes.length + 1;
    last = record;
  }
  return { tally, hash, length, tarEnd: end, last };
}

/** The item whose header stands behind the last complete one. */
async function lostItem(tar: FileHandle, whole: Whole, now: string): Promise<ItemRecord | undefined> {
  const buffer = Buffer.alloc(headerLimit);
  const { bytesRead } = await tar.read(buffer, 0, headerLimit, whole.tarEnd);
  const name = decodeTarName(buffer.subarray(0, bytesRead));
  if (name === undefined || whole.last?.detail === killed) return undefined;
  return {
    item: whole.tally.count + 1,
    artifact: 'unknown',
    source: escapeForTerminal(name),
    name: escapeForTerminal(name),
    ...(isPlain(name) ? {} : { nameBytes: name.toString('base64') }),
    type: 'file',
    outcome: 'truncated',
    detail: killed,
    size: 0,
    collected: now,
  };
}

/** An acquisition killed before it had a record holds nothing. */
async function removeBeginning(dir: string): Promise<void> {
  await rm(join(dir, `${layout.acquisitionRecord}.tmp`), { force: true });
  await rmdir(dir).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY')) throw error;
  });
}

async function openToMend(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch (error) {
    if (hasCode(error, 'ELOOP'))
      throw new OperationError(`${path} is a link, which no acquisition has; it was left alone`, {
        advice: 'somebody changed the case: see what else is not as it was with: kubectl ir verify',
      });
    if (!hasCode(error, 'ENOENT')) throw error;
    return open(path, 'wx+', 0o600);
  }
}

function noneWhenMissing(error: unknown): string[] {
  if (!hasCode(error, 'ENOENT')) throw error;
  return [];
}

function emptyWhenMissing(error: unknown): string {
  if (!hasCode(error, 'ENOENT')) throw error;
  return '';
}

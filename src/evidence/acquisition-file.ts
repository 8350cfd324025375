import { constants } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NewerError, OperationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { type AcquisitionRecord, parseAcquisitionRecord, versionOf } from './acquisition-record.ts';
import { readFailure } from './durable-file.ts';
import { layout } from './layout.ts';

const verify = 'check the case with: kubectl ir verify';

/**
 * Reads acquisition.json in the directory of an acquisition. Throws OperationError when the system does not let it be read, when it is
 * missing or no record, and for a link in place of either: what that leads to was never part of the case. NewerError when a newer
 * program wrote it.
 */
export async function readAcquisitionRecord(dir: string): Promise<AcquisitionRecord> {
  const path = join(dir, layout.acquisitionRecord);
  const text = await readText(dir, path);
  const record = parseAcquisitionRecord(text);
  if (record !== undefined) return record;
  const version = versionOf(text);
  if (version === undefined || version === 'kubectl-ir/v1')
    throw new OperationError(`${path} is no record of an acquisition`, { advice: verify });
  throw new NewerError(`${path} was written by a newer kubectl ir (${escapeForTerminal(version)})`, {
    advice: 'read it with that version',
  });
}

async function readText(dir: string, path: string): Promise<string> {
  try {
    if ((await lstat(dir)).isSymbolicLink()) throw link(dir);
    return await readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NOFOLLOW });
  } catch (error) {
    const why = readFailure(error);
    if (why === undefined) throw error;
    if (why === 'ELOOP') throw link(path);
    if (why !== 'ENOENT' && why !== 'ENOTDIR')
      throw new OperationError(`${path} can't be read (${why})`, { cause: error });
    throw new OperationError(`${dir} is no acquisition of a case: it has no ${layout.acquisitionRecord}`, {
      advice: 'give a directory under data/acquisitions of a case',
    });
  }
}

function link(path: string): OperationError {
  return new OperationError(`${path} is a link, which no acquisition has`, { advice: verify });
}

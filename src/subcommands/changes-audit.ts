import { createReadStream } from 'node:fs';
import { lineBlocks } from '../artifacts/blocks.ts';
import { isMalformed, lines } from '../artifacts/lines.ts';
import { readFailure } from '../evidence/durable-file.ts';
import type { AuditHistory } from '../incident/change/audit-history.ts';
import { OperationError, VerificationError } from '../output/errors.ts';
import type { CaseRecords } from './changes-case.ts';

/** Reads audit logs that were given, in the order given, line by line. Throws OperationError for a file that can't be read. */
export async function readLogFiles(
  history: AuditHistory,
  files: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    try {
      await readLog(history, createReadStream(file, { highWaterMark: 256 * 1024 }), signal);
    } catch (error) {
      const reason = readFailure(error);
      if (reason === undefined) throw error;
      throw new OperationError(`can't read the audit log ${file}: ${reason}`, { cause: error });
    }
  }
}

/** Reads the audit logs of a case; one that is not what was collected, or can't be read, is told, and ends there. */
export async function readLogsOfCase(
  history: AuditHistory,
  logs: CaseRecords['logs'],
  { gaps, damaged }: { readonly gaps: string[]; readonly damaged: string[] },
  signal: AbortSignal,
): Promise<void> {
  for (const { acquisition, item } of logs) {
    if (item.offset === undefined || item.type !== 'file') continue;
    try {
      await readLog(history, acquisition.reader.read(item) as AsyncIterable<Buffer>, signal);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      if (error instanceof VerificationError) damaged.push(error.message);
      else gaps.push(`acquisition ${acquisition.name}: ${error.message}`);
    }
  }
}

async function readLog(
  history: AuditHistory,
  source: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  for await (const block of lineBlocks(source)) {
    signal.throwIfAborted();
    if (isMalformed(block)) history.addMalformed();
    else for (const { bytes } of lines(block.bytes)) history.add(bytes);
  }
}

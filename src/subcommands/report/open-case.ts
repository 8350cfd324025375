import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailure } from '../../evidence/durable-file.ts';
import { openWhole } from '../../evidence/exhibits.ts';
import { OperationError } from '../../output/errors.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';

/** What of a case could not be read for its report. */
export interface Trouble {
  /** What can't be read and may be whole: items, acquisitions. */
  readonly gaps: string[];
  /** What is not what was collected: an item, an acquisition that is none any more, the chain of custody. */
  readonly damaged: string[];
}

/** The acquisitions of a case that can be opened; none when nothing was collected yet. What can't be read is told. */
export async function acquisitionsOf(
  dir: string,
  { gaps, damaged }: Trouble,
): Promise<readonly OpenAcquisition[]> {
  try {
    const { opened, closed, denied } = await openWhole(dir);
    damaged.push(...closed);
    gaps.push(...denied.map((reason) => `acquisition ${reason}`));
    for (const { name, reader } of opened) {
      const tar = join(reader.dir, reader.info.tar.name);
      const why = await access(tar, constants.R_OK).then(() => undefined, unreadable);
      if (why !== undefined) gaps.push(`acquisition ${name}: ${tar} can't be read (${why})`);
    }
    return opened;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    gaps.push(
      error.message.startsWith('no evidence') ? 'nothing was collected into the case' : error.message,
    );
    return [];
  }
}

function unreadable(error: unknown): string {
  const why = readFailure(error);
  if (why === undefined) throw error;
  return why;
}

import { openWhole } from '../../evidence/exhibits.ts';
import { OperationError } from '../../output/errors.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';

/** What of a case could not be read for its report. */
export interface Trouble {
  /** Items that are not whole, acquisitions that can't be opened. */
  readonly gaps: string[];
  /** What is not what was collected: an item, the chain of custody. */
  readonly damaged: string[];
}

/** The acquisitions of a case; none when nothing was collected yet. What can't be opened is a gap. */
export async function acquisitionsOf(dir: string, { gaps }: Trouble): Promise<readonly OpenAcquisition[]> {
  try {
    const { opened, closed, denied } = await openWhole(dir);
    gaps.push(...[...closed, ...denied].map((reason) => `acquisition ${reason}`));
    return opened;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    gaps.push(
      error.message.startsWith('no evidence') ? 'nothing was collected into the case' : error.message,
    );
    return [];
  }
}

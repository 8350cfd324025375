import type { SnapshotOptions } from '../../evidence/snapshot.ts';
import { formatSize } from '../../output/size.ts';
import type { CommandContext } from '../command.ts';
import { confirmYes } from '../confirm.ts';

/** Lets large parts pass with --yes, else after a question; without `context` nobody is asked. */
export function allowOf(
  yes: boolean,
  context: CommandContext | undefined,
): NonNullable<SnapshotOptions['allow']> {
  return async (phase, bytes) => {
    if (yes || context === undefined) return yes;
    const question = `${phase}: ${formatSize(bytes)} would come. Take them?`;
    return confirmYes(context.io, question, context.signal);
  };
}

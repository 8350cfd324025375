import { nearestName } from '../../cluster/nearest.ts';
import { UsageError } from '../../output/errors.ts';

/** An id that a flag gives, when the plan has it; nothing when it was not given. Throws UsageError with the nearest that the plan has. */
export function knownId(
  flag: string,
  id: string | undefined,
  entries: readonly { readonly id: string }[],
): string | undefined {
  if (id === undefined) return undefined;
  const ids = entries.map((entry) => entry.id);
  const found = ids.find((one) => one === id) ?? ids.find((one) => one.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(id, ids);
  throw new UsageError(
    `the plan has no ${flag} "${id}"${near === undefined ? '' : `; nearest: ${near}`}${ids.length === 0 ? '' : `\n${flag}: ${ids.join(', ')}`}`,
  );
}

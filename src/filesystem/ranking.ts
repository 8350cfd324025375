import type { Change, ChangeKind } from './pod-diff.ts';
import { signsOf } from './reasons.ts';

/** What a change counts for without any sign. */
const kinds: Readonly<Record<ChangeKind, number>> = {
  modified: 40,
  typechanged: 40,
  added: 30,
  renamed: 25,
  deleted: 25,
  metadata: 20,
  touched: 10,
};

/** How much a change matters, 0 to 100: as much as its weightiest sign; what the runtime made comes last. */
export function rankOf(change: Change): number {
  if (change.flags.includes('runtime')) return 0;
  return signsOf(change).reduce((most, { weight }) => Math.max(most, weight), kinds[change.change]);
}

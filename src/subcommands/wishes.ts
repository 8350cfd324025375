import { type ActionKind, actionKinds } from '../containment/acts/acts.ts';
import type { Wishes } from '../containment/plan.ts';
import { UsageError } from '../output/errors.ts';
import type { Flags, FlagValues } from './command.ts';

/** How a pod is isolated. */
export const isolationFlags = {
  skip: {
    type: 'string',
    summary: `acts to leave out, of ${actionKinds.join(', ')}`,
    repeated: true,
    placeholder: 'ACT[,ACT]',
  },
  detach: {
    type: 'boolean',
    summary:
      'take the pod from a StatefulSet, Job or unknown owner too, which will not replace it or not without harm',
  },
  'even-if': {
    type: 'string',
    summary: 'go on although writes to the API or our way to the node would stop; the reason goes on record',
    placeholder: 'REASON',
  },
} as const satisfies Flags;

/** What the flags of isolation ask for. Throws UsageError for an act that there is none of. */
export function wishesOf(flags: FlagValues<typeof isolationFlags>): Wishes {
  return { skip: flags.skip.flatMap((text) => text.split(',')).map(actOf), detach: flags.detach };
}

function actOf(name: string): ActionKind {
  const kind = actionKinds.find((one) => one === name);
  if (kind !== undefined) return kind;
  throw new UsageError(`--skip takes acts of ${actionKinds.join(', ')}; there is no "${name}"`);
}

import type { Flags } from './command.ts';

/** Which plan a command goes by: `--plan`. */
export const planFlags = {
  plan: {
    type: 'string',
    summary: 'plan (default $KUBECTL_IR_PLAN, else ir-plan.yaml here or above, up to the root of git)',
    placeholder: 'FILE',
  },
} as const satisfies Flags;

import { collectorNamespace } from '../collector/names.ts';
import type { Flags } from './command.ts';

/** Where evidence goes: `--case`. */
export const caseFlags = {
  case: {
    type: 'string',
    summary: 'case directory (default $KUBECTL_IR_CASE, else a new ir-UTC-TARGET)',
    placeholder: 'DIR',
  },
} as const satisfies Flags;

/** The same of a command that goes on record only where there is a case, and makes none by itself. */
export const recordFlags = {
  case: { ...caseFlags.case, summary: 'case directory (default $KUBECTL_IR_CASE, else nothing is kept)' },
} as const satisfies Flags;

/** The collector pod: image, namespace, pull secret. */
export const collectorFlags = {
  'collector-image': {
    type: 'string',
    summary: 'image of the collector pod; busybox 1.37 or later',
    placeholder: 'IMAGE',
  },
  'collector-namespace': {
    type: 'string',
    summary: 'namespace of the collector pod',
    default: collectorNamespace,
    placeholder: 'NAME',
  },
  'collector-pull-secret': {
    type: 'string',
    summary: 'Secret in the collector namespace to pull the image with',
    placeholder: 'NAME',
  },
} as const satisfies Flags;

/** `-o` for commands that print data. */
export const outputFlags = {
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name', 'wide'] },
} as const satisfies Flags;

/** For commands that change the cluster. */
export const changeFlags = {
  'dry-run': {
    type: 'string',
    summary: 'client prints the plan, server has it validated without doing it',
    choices: ['none', 'client', 'server'],
    default: 'none',
  },
  yes: { type: 'boolean', short: 'y', summary: 'do not ask before changing the cluster' },
} as const satisfies Flags;

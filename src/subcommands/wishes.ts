import { isIP } from 'node:net';
import { type ActionKind, actionKinds } from '../containment/acts/acts.ts';
import { identityCuts } from '../containment/identity.ts';
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
  cordon: { type: 'boolean', summary: "keep new pods away from the pod's node" },
  'even-if': {
    type: 'string',
    summary: 'go on although writes to the API or our way to the node would stop; the reason goes on record',
    placeholder: 'REASON',
  },
  freeze: {
    type: 'boolean',
    summary: 'stop the processes of the pod before it is cut, for as long as no probe restarts a container',
  },
  'cut-identity': {
    type: 'string',
    summary:
      'refuse the API to the pod too: token (its writes), bindings (all its account may), account (every token)',
    choices: identityCuts,
  },
  'probe-outside': {
    type: 'string',
    summary: 'address outside of the cluster to try from the pod (TCP, port 443 unless given)',
    placeholder: 'ADDRESS[:PORT]',
  },
} as const satisfies Flags;

/** What the flags of isolation ask for. Throws UsageError for an act that there is none of. */
export function wishesOf(
  flags: FlagValues<typeof isolationFlags> & { readonly 'collector-image': string | undefined },
): Wishes {
  const outside = flags['probe-outside'];
  const cut = identityCuts.find((one) => one === flags['cut-identity']);
  return {
    skip: flags.skip.flatMap((text) => text.split(',')).map(actOf),
    detach: flags.detach,
    cordon: flags.cordon,
    freeze: flags.freeze,
    plainImage: flags['collector-image'] === undefined,
    ...(cut === undefined ? {} : { cutIdentity: cut }),
    ...(outside === undefined ? {} : { outside: outsideOf(outside) }),
  };
}

/** `198.51.100.7`, `198.51.100.7:80`, `2001:db8::7`, `[2001:db8::7]:80`; no name, which somebody else would resolve. */
function outsideOf(text: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain, digits = '443'] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  const port = Number(digits);
  if (isIP(address) !== 0 && !address.includes('%') && port > 0 && port < 65_536) return { address, port };
  throw new UsageError(`--probe-outside takes an IP address, with or without a port; "${text}" is none`);
}

function actOf(name: string): ActionKind {
  const kind = actionKinds.find((one) => one === name);
  if (kind !== undefined) return kind;
  throw new UsageError(`--skip takes acts of ${actionKinds.join(', ')}; there is no "${name}"`);
}

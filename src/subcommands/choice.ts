import type { Selection } from '../cluster/selection.ts';
import { parseTarget, type Target } from '../cluster/target.ts';
import { UsageError } from '../output/errors.ts';
import type { Flags, FlagValues } from './command.ts';

/** Which pods, when they are several. */
export const choiceFlags = {
  selector: { type: 'string', short: 'l', summary: 'all pods with these labels', placeholder: 'SELECTOR' },
  'all-replicas': { type: 'boolean', summary: 'all pods of the owner that is named, such as deploy/web' },
  image: {
    type: 'string',
    summary: 'all pods that run the image with this digest',
    placeholder: 'sha256:DIGEST',
  },
  'service-account': { type: 'string', summary: 'all pods that run as this account', placeholder: 'NAME' },
} as const satisfies Flags;

/** One pod, or several. */
export type Choice = { readonly target: Target } | { readonly selection: Selection };

/** What words and flags choose. Throws UsageError for nothing, for two choices at once, and for what is no digest. */
export function choiceOf(words: readonly string[], flags: FlagValues<typeof choiceFlags>): Choice {
  const { selector, image, 'service-account': account } = flags;
  const selections: Selection[] = [
    ...(selector === undefined ? [] : [{ by: 'selector', text: filled('--selector', selector) } as const]),
    ...(image === undefined ? [] : [{ by: 'image', digest: digestOf(image) } as const]),
    ...(account === undefined
      ? []
      : [{ by: 'account', name: filled('--service-account', account) } as const]),
  ];
  const [selection, ...more] = selections;
  const several = selections.length + (words.length > 0 ? 1 : 0) > 1 || more.length > 0;
  if (several || (selection !== undefined && flags['all-replicas'])) {
    throw new UsageError('give one of NAME, --selector, --image and --service-account');
  }
  return selection === undefined ? named(words, flags['all-replicas']) : { selection };
}

function named(words: readonly string[], allReplicas: boolean): Choice {
  const target = parseTarget(words);
  const { resource, name } = target;
  if (resource === 'pods') {
    if (allReplicas) throw new UsageError('--all-replicas takes an owner of pods, such as deploy/NAME');
    return { target };
  }
  if (resource === 'nodes') {
    if (allReplicas) throw new UsageError('a node has no replicas; isolate node NODE takes all of its pods');
    return { selection: { by: 'node', name } };
  }
  if (allReplicas) return { selection: { by: 'owner', target } };
  throw new UsageError(
    `${resource} "${name}" is not a pod; give pod/NAME, or --all-replicas for all of its pods`,
  );
}

function filled(flag: string, text: string): string {
  if (text.trim() === '') throw new UsageError(`${flag} is empty`);
  return text;
}

/** The digest alone: `docker.io/library/nginx@sha256:…` names the same image under another registry's name. */
function digestOf(image: string): string {
  const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  if (digest !== undefined) return digest;
  throw new UsageError(
    `--image takes a digest, sha256: and 64 hex digits; "${image}" is not one, and a tag may mean several images`,
  );
}

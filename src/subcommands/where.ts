import { collectorNamespace } from '../collector/names.ts';
import { quotedWord } from '../output/shell-word.ts';
import type { FlagValues, GlobalFlags } from './command.ts';
import type { collectorFlags } from './flags.ts';
import { globalWords } from './global-words.ts';

/** Flags that a line to paste has of its own, or must not have. */
const ofThisRun = /^--(?:namespace|token|v|request-timeout)=/;

/**
 * Flags that were given to choose the cluster, who asks it, and where and from what image collectors run there, as the end of a
 * command line to paste: a blank before each, quoted for a shell. The namespace of the pods is left to the line itself, and a token
 * out, since it belongs on no terminal.
 */
export function whereText(
  global: GlobalFlags,
  flags: Partial<FlagValues<typeof collectorFlags>> = {},
): string {
  const { 'collector-image': image, 'collector-pull-secret': secret, 'collector-namespace': place } = flags;
  const collector = [
    ...(image === undefined ? [] : [`--collector-image=${image}`]),
    ...(place === undefined || place === collectorNamespace ? [] : [`--collector-namespace=${place}`]),
    ...(secret === undefined ? [] : [`--collector-pull-secret=${secret}`]),
  ];
  return [...globalWords(global).filter((word) => !ofThisRun.test(word)), ...collector]
    .map((word) => ` ${quotedFlag(word)}`)
    .join('');
}

/** `--name=value` with only its value quoted. */
function quotedFlag(word: string): string {
  const at = word.indexOf('=') + 1;
  return at === 0 ? word : word.slice(0, at) + quotedWord(word.slice(at));
}

import type { Collector } from '../collector/collector.ts';
import type { PodLink } from './link.ts';
import { composed, failed } from './node-side.ts';
import { textLines } from './sections.ts';

const pidsShown = 5;

/**
 * Processes of a pod that are not in its network, so that no cut of its links stops them, a sentence for each kind: who may enter
 * other namespaces (setns(2)) can have moved there. Only who stays there for `seconds` counts. Throws OperationError when it
 * could not be looked at.
 */
export async function processesElsewhere(
  collector: Collector,
  { namespace, words }: Pick<PodLink, 'namespace' | 'words'>,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<string[]> {
  const script = composed('pod-processes', 'elsewhere');
  const answer = await collector.call(script, [String(seconds), namespace, ...words], { signal });
  if (answer.exitCode !== 0) throw failed('look for processes of the pod', collector.identity.node, answer);
  const found = textLines(answer.stdout).flatMap((line) => {
    const [, place, pid] = /^(node|other) (\d{1,10})$/.exec(line) ?? [];
    return place === undefined || pid === undefined ? [] : [{ place, pid }];
  });
  return [
    sentence(
      found.filter(({ place }) => place === 'node').map(({ pid }) => pid),
      'in the network of the node, which is not cut',
    ),
    sentence(
      found.filter(({ place }) => place === 'other').map(({ pid }) => pid),
      "in a network namespace that is not the pod's, into which nothing looked",
    ),
  ].flat();
}

function sentence(pids: readonly string[], where: string): string[] {
  if (pids.length === 0) return [];
  const more = pids.length > pidsShown ? ` and ${pids.length - pidsShown} more` : '';
  const which = pids.length === 1 ? 'process' : 'processes';
  return [`${which} ${pids.slice(0, pidsShown).join(', ')}${more} of the pod: ${where}`];
}

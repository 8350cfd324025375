import type { Pod } from '../../cluster/objects.ts';
import { formatCount } from '../../output/count.ts';

/** Another pod that may be in the same state as the suspect. */
export interface Sibling {
  readonly namespace: string;
  readonly name: string;
  /** What it shares with the suspect: `service account`, `image of CONTAINER`. */
  readonly shares: readonly string[];
}

const namesShown = 5;

/** Pods that run as the same ServiceAccount or from the same image digest; a pod that ended runs nothing. */
export function siblingsOf(pod: Pod, pods: readonly Pod[]): Sibling[] {
  const account = accountOf(pod);
  const images = digestsOf(pod);
  return pods.flatMap((other) => {
    const { namespace = '', name = '', uid } = other.metadata ?? {};
    if (uid === pod.metadata?.uid || ['Succeeded', 'Failed'].includes(other.status?.phase ?? '')) return [];
    const sameAccount = namespace === pod.metadata?.namespace && accountOf(other) === account;
    const theirs = new Set(digestsOf(other).map(({ digest }) => digest));
    const shares = [
      ...(sameAccount ? ['service account'] : []),
      ...images.filter(({ digest }) => theirs.has(digest)).map(({ container }) => `image of ${container}`),
    ];
    return shares.length === 0 ? [] : [{ namespace, name, shares }];
  });
}

/** For each thing shared how many pods share it, and the first of them by name. */
export function siblingText(siblings: readonly Sibling[]): string[] {
  const things = [...new Set(siblings.flatMap(({ shares }) => shares))];
  return things.map((thing) => {
    const names = siblings
      .filter(({ shares }) => shares.includes(thing))
      .map(({ namespace, name }) => `${namespace}/${name}`);
    const shown = names.slice(0, namesShown).join(', ');
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
    return `${thing} with ${formatCount(names.length, 'pod')}: ${shown}${more}`;
  });
}

function accountOf(pod: Pod): string {
  return pod.spec?.serviceAccountName ?? 'default';
}

/** Digests that the containers run, as the runtime says. */
function digestsOf(pod: Pod): { readonly container: string; readonly digest: string }[] {
  return (pod.status?.containerStatuses ?? []).flatMap(({ name, imageID }) => {
    const digest = /sha256:[0-9a-f]{64}$/.exec(imageID)?.[0];
    return digest === undefined ? [] : [{ container: name, digest }];
  });
}

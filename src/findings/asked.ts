import { type Evidence, evidence, type Traced } from './finding.ts';
import { below } from './places.ts';
import type { Pod } from './pods.ts';

/** Whether a pod asks for a place of the node, in its object in the API. */
export interface Asked {
  /** Undefined where the object is not known. */
  readonly asked: boolean | undefined;
  /** Behind `mounted`. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Holds a place on the node against the hostPath volumes of a pod. */
export function askedFor(pod: Traced<Pod> | undefined, place: string): Asked {
  if (pod === undefined)
    return { asked: undefined, text: '; what its pod asked for is not known', evidence: [] };
  const { hostPaths } = pod.value;
  const asked = hostPaths.some((path) => below(plain(path), plain(place)) !== undefined);
  return {
    asked,
    text: asked ? ', as its pod asks' : ' although its pod did NOT ask for it',
    evidence: [evidence(pod.source, `hostPath: ${hostPaths.join(', ') || 'none'}`)],
  };
}

/** Without slashes at its end; /var/run is a link to /run on every distribution of today (file-hierarchy(7)). */
function plain(path: string): string {
  return (path.replace(/\/+$/, '') || '/').replace(/^\/var\/run(?=\/|$)/, '/run');
}

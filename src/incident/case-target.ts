import { isObjectName } from '../cluster/target.ts';
import type { CustodyLine } from '../evidence/custody-line.ts';
import type { Filling } from './plan/command-words.ts';

/**
 * The pod, its namespace and the node that a case is about, from the newest lines of custody that name one. Only names that
 * the API server could have given are taken, so that none can be a flag or a path.
 */
export function caseTarget(lines: Iterable<CustodyLine>): Filling {
  let target: Filling = {};
  for (const { action, object } of lines) {
    if (action === 'isolate') target = { ...target, ...isolated(object) };
    if (action === 'acquire') target = { ...target, ...collected(object) };
  }
  return target;
}

/** `pod/NAME in namespace NAMESPACE`, as containment writes it. */
function isolated(object: string): Filling {
  const [, pod = '', namespace = ''] = /^pod\/(\S+) in namespace (\S+)$/.exec(object) ?? [];
  return isObjectName(pod) && isObjectName(namespace) ? { pod, namespace } : {};
}

/** `node/NAME`, as an acquisition from a node writes it when it is started. */
function collected(object: string): Filling {
  const [, node = ''] = /^node\/(\S+)$/.exec(object) ?? [];
  return isObjectName(node) ? { node } : {};
}

import { undoCommand } from '../../containment/isolation.ts';
import type { Place, Recurrence } from '../../incident/recurrence.ts';
import { quotedWord } from '../../output/shell-word.ts';
import type { IsolationNow } from './look.ts';

/** True for a pod that is kept for its evidence: it was isolated, not released, and is there. */
export function isKept({ namespace, pod }: Place, isolations: readonly IsolationNow[]): boolean {
  const one = isolations.find(
    (isolation) => isolation.pod.name === pod && isolation.pod.namespace === namespace,
  );
  return one !== undefined && one.state !== 'released' && one.state !== 'gone';
}

/** What is to be done about an isolation of the case; empty where nothing is. `where` leads commands to the cluster. */
export function isolationStep({ pod, state }: IsolationNow, caseDir: string, where = ''): string {
  const isolate = `kubectl ir isolate ${pod.name} -n ${pod.namespace} --case ${quotedWord(caseDir)}${where}`;
  if (state === 'open') return isolate;
  if (state === 'LEAKS') return `${undoCommand(pod, where)}, then ${isolate}`;
  return state === 'UNVERIFIED' || state === 'not looked at' ? again : '';
}

/** What clears a trace that is left, or shows whether it is; empty for one that is gone. */
export function traceStep(
  { kind, what, state, seen, why }: Recurrence,
  isolations: readonly IsolationNow[],
  caseDir: string,
  where = '',
): string {
  if (state === 'gone') return '';
  if (state === 'not looked at') return again;
  const [first] = seen;
  if (first?.pod !== undefined && seen.every((place) => isKept(place, isolations))) {
    const pod = { namespace: first.namespace ?? '', name: first.pod };
    return `when its evidence is kept: ${undoCommand(pod, where)}, then kubectl delete pod ${pod.name} -n ${pod.namespace}`;
  }
  if (kind === 'finding' && why !== undefined) return 'take it off the node, or set the node up anew';
  return kind === 'change'
    ? 'roll out an image and volumes without it, then run this again'
    : `kubectl ir findings ${quotedWord(caseDir)} --rule ${what} -o wide`;
}

const again = 'mend why it was not seen, then run this again';

import type { Finding } from '../../findings/finding.ts';
import { reaches } from '../../findings/judge.ts';
import { terminalLine } from '../../output/line.ts';

/** What the findings of a case say is to be removed: objects for this command, and what only people can do. */
export interface Proposals {
  /** `pod/NAME` with its namespace and the rules that found something in it. */
  readonly objects: readonly {
    readonly object: string;
    readonly namespace: string;
    readonly rules: readonly string[];
  }[];
  /** Sentences; each is a task. */
  readonly byHand: readonly string[];
}

/** From findings that need somebody at once; others are not worth removing anything for. Pure. */
export function proposalsOf(findings: readonly Finding[]): Proposals {
  const objects = new Map<
    string,
    { readonly object: string; readonly namespace: string; readonly rules: Set<string> }
  >();
  const byHand = new Set<string>();
  for (const { rule, subject, severity } of findings) {
    if (!reaches(severity, 'high')) continue;
    const { node, namespace, pod, path } = subject;
    if (namespace !== undefined && pod !== undefined) {
      const key = `${namespace}/${pod}`;
      const known = objects.get(key) ?? { object: `pod/${pod}`, namespace, rules: new Set<string>() };
      known.rules.add(rule);
      objects.set(key, known);
    }
    if (isOnNode(rule) && path !== undefined) byHand.add(`remove ${path} on node ${node} (${rule})`);
    if (rule === 'static-pod-without-mirror')
      byHand.add(`take the manifest of the static pod out of its directory on node ${node} (${rule})`);
    if (rule === 'credential-open')
      byHand.add(
        `renew the credential ${path ?? 'that was open'} of ${pod === undefined ? `node ${node}` : `pod ${namespace ?? ''}/${pod}`} (${rule})`,
      );
  }
  return {
    objects: [...objects.values()].map((one) => ({ ...one, rules: [...one.rules] })),
    byHand: [...byHand].map(terminalLine),
  };
}

/** Rules whose path is a file of the node. */
function isOnNode(rule: string): boolean {
  return [
    'persistence-content',
    'persistence-from-pod',
    'preloaded-library',
    'setuid-planted',
    'planted-device',
  ].includes(rule);
}

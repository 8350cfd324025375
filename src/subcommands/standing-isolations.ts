import type { IsolationRecord } from '../containment/record.ts';
import { isolationHistories, isStanding } from '../containment/isolation-history.ts';
import type { CustodyLine } from '../evidence/custody-line.ts';
import { readCustody } from '../evidence/custody-log.ts';

/** Says whether the isolations that custody tells of still hold. */
const look = 'kubectl ir status';
const isolate = /^kubectl ir isolate (\S+) -n (\S+?)(?: --cut-identity=(\S+))?$/;

/** The isolations that stand by the custody of a case, as far as its chain holds. */
export async function standingIsolations(dir: string): Promise<IsolationRecord[]> {
  const lines: CustodyLine[] = [];
  await readCustody(dir, (line) => {
    if (line.action === 'isolate' || line.action === 'release') lines.push(line);
  });
  return [...isolationHistories(lines).values()].filter(isStanding).map(({ record }) => record);
}

/** Next steps of a finding without what was done: who would isolate a pod a second time is told to look at it. */
export function stepsLeft(steps: readonly string[], standing: readonly IsolationRecord[]): readonly string[] {
  const left = steps.map((step) => {
    const [, pod, namespace, cut] = isolate.exec(step) ?? [];
    const record = standing.find((one) => one.pod.name === pod && one.pod.namespace === namespace);
    if (record === undefined) return step;
    if (cut === undefined || record.acts.some(({ kind }) => kind === cut)) return look;
    return `${step}   # after kubectl ir release, which opens it until then`;
  });
  return [...new Set(left)];
}

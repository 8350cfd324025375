import type { Finding } from './finding.ts';
import { identityOf, isSameProcess } from './process-identity.ts';
import { subjectOf } from './subject.ts';
import type { NodeTraces } from './traces.ts';

/**
 * Processes of the pods that a case is about which no finding names and which run a file that their container did not
 * change, as `ACQUISITION PID`: what they run is of the image. What an intruder copied from there is on every pod of the image. Other
 * pods tell nothing of the kind, as the intruder may be there too.
 */
export function ordinaryProcesses(
  findings: readonly Finding[],
  nodes: readonly NodeTraces[],
  suspects: ReadonlySet<string>,
): ReadonlySet<string> {
  const ordinary = new Set<string>();
  for (const traces of nodes) {
    const accused = findings.map(({ subject }) => subject).filter(({ node }) => node === traces.node);
    const changed = new Set(
      traces.changes
        .flatMap(({ value }) => value)
        .flatMap(({ namespace, pod, container, changes }) =>
          changes.map(({ path }) => `${namespace}/${pod}/${container} ${path}`),
        ),
    );
    for (const process of traces.processes) {
      const { namespace = '', pod, container = '' } = subjectOf(traces, process);
      if (pod === undefined || process.deleted || !suspects.has(`${namespace}/${pod}`)) continue;
      if (accused.some((subject) => isSameProcess(subject, identityOf(process)))) continue;
      const path = process.executable?.toString('latin1') ?? '';
      if (path !== '' && !changed.has(`${namespace}/${pod}/${container} ${path}`))
        for (const acquisition of process.looks) ordinary.add(`${acquisition} ${process.pid}`);
    }
  }
  return ordinary;
}

import type { Finding } from './finding.ts';
import { subjectOf } from './subject.ts';
import type { NodeTraces } from './traces.ts';

/**
 * Processes of the pods that a case is about which no finding names and which run a file that their container did not
 * change, as `NODE PID`: what they run is of the image. What an intruder copied from there is on every pod of the image. Other
 * pods tell nothing of the kind, as the intruder may be there too.
 */
export function ordinaryProcesses(
  findings: readonly Finding[],
  nodes: readonly NodeTraces[],
  suspects: ReadonlySet<string>,
): ReadonlySet<string> {
  const accused = new Set(findings.map(({ subject: { node, pid = 0 } }) => `${node} ${pid}`));
  const ordinary = new Set<string>();
  for (const traces of nodes) {
    const changed = new Set(
      traces.changes
        .flatMap(({ value }) => value)
        .flatMap(({ namespace, pod, container, changes }) =>
          changes.map(({ path }) => `${namespace}/${pod}/${container} ${path}`),
        ),
    );
    for (const process of traces.processes) {
      const { namespace = '', pod, container = '' } = subjectOf(traces, process);
      const place = `${traces.node} ${process.pid}`;
      if (pod === undefined || process.deleted || accused.has(place) || !suspects.has(`${namespace}/${pod}`))
        continue;
      const path = process.executable?.toString('latin1') ?? '';
      if (path !== '' && !changed.has(`${namespace}/${pod}/${container} ${path}`)) ordinary.add(place);
    }
  }
  return ordinary;
}

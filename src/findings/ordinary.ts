import type { Finding } from './finding.ts';
import { identityOf, isSameProcess } from './process-identity.ts';
import { subjectOf } from './subject.ts';
import type { NodeTraces, TracedProcess } from './traces.ts';

/**
 * Processes of the pods that a case is about which no finding names and which run a file that their container did not
 * change, and whoever runs the same file, as `ACQUISITION PID`: what they run is of the image. What an intruder copied from
 * there is on every pod of the image. Other pods tell nothing of the kind, as the intruder may be there too. A collector
 * hashes a file that several run once, by any of their pids.
 */
export function ordinaryProcesses(
  findings: readonly Finding[],
  nodes: readonly NodeTraces[],
  suspects: ReadonlySet<string>,
): ReadonlySet<string> {
  const ordinary = new Set<string>();
  for (const traces of nodes) {
    const plain = new Set(plainProcesses(findings, traces, suspects));
    const files = new Set([...plain].flatMap(fileOf));
    for (const process of traces.processes)
      if (plain.has(process) || fileOf(process).some((file) => files.has(file)))
        for (const acquisition of process.looks) ordinary.add(`${acquisition} ${process.pid}`);
  }
  return ordinary;
}

function plainProcesses(
  findings: readonly Finding[],
  traces: NodeTraces,
  suspects: ReadonlySet<string>,
): TracedProcess[] {
  const accused = findings.map(({ subject }) => subject).filter(({ node }) => node === traces.node);
  const changed = new Set(
    traces.changes
      .flatMap(({ value }) => value)
      .flatMap(({ namespace, pod, container, changes }) =>
        changes.map(({ path }) => `${namespace}/${pod}/${container} ${path}`),
      ),
  );
  return traces.processes.filter((process) => {
    const { namespace = '', pod, container = '' } = subjectOf(traces, process);
    if (pod === undefined || process.deleted || !suspects.has(`${namespace}/${pod}`)) return false;
    if (accused.some((subject) => isSameProcess(subject, identityOf(process)))) return false;
    const path = process.executable?.toString('latin1') ?? '';
    return path !== '' && !changed.has(`${namespace}/${pod}/${container} ${path}`);
  });
}

/** Device and inode of the file that a process runs; nothing where the node did not tell. */
function fileOf({ file }: TracedProcess): string[] {
  return file === undefined ? [] : [`${file.device} ${file.inode}`];
}

import type { ProcessRecord } from '../artifacts/process-table.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { type Evidence, evidence, type Source, type Subject, type Traced } from './finding.ts';
import { findPod, type Pod, type PodContainer } from './pods.ts';
import { identityOf } from './process-identity.ts';
import { linesOfText } from './text.ts';
import type { NodeTraces, TracedProcess, TracedSpec } from './traces.ts';

/** What is known of the container of a process, each from its own witness. */
export interface Known {
  readonly spec?: Traced<TracedSpec>;
  readonly pod?: Traced<Pod>;
  readonly container?: PodContainer;
}

/** What specification and API say of the container of a process. */
export function knownOf(traces: NodeTraces, { container }: Pick<ProcessRecord, 'container'>): Known {
  const { containerId, podUid, podConfigHash } = container;
  const spec =
    containerId === undefined
      ? undefined
      : traces.specifications.findLast(({ value }) => value.id === containerId);
  const uid = podUid ?? podConfigHash ?? spec?.value.podUid;
  const pod = traces.pods?.findLast(({ value }) => findPod([value], uid) !== undefined);
  const part = pod?.value.containers.find(
    ({ id, name }) => id === containerId || (spec?.value.container === name && spec.value.kind !== 'sandbox'),
  );
  return {
    ...(spec === undefined ? {} : { spec }),
    ...(pod === undefined ? {} : { pod }),
    ...(part === undefined ? {} : { container: part }),
  };
}

/** Who a process is: pod and container by the API, else by the specification, else by its cgroup. */
export function subjectOf(
  traces: NodeTraces,
  process: Parameters<typeof identityOf>[0] & Pick<ProcessRecord, 'container'>,
): Omit<Subject, 'node'> {
  return { ...containerSubject(traces, process), ...identityOf(process) };
}

/** The same of its container as a whole. */
export function containerSubject(
  traces: NodeTraces,
  process: Pick<ProcessRecord, 'container'>,
): Omit<Subject, 'node'> {
  const { spec, pod, container } = knownOf(traces, process);
  const namespace = pod?.value.namespace ?? spec?.value.namespace;
  const name = pod?.value.name ?? spec?.value.pod;
  const part = container?.name ?? spec?.value.container ?? process.container.containerId?.slice(0, 12);
  return {
    ...(namespace === undefined ? {} : { namespace: escapeForTerminal(namespace) }),
    ...(name === undefined ? {} : { pod: escapeForTerminal(name) }),
    ...(part === undefined ? {} : { container: escapeForTerminal(part) }),
  };
}

/** A process as evidence: what it runs and was called with. */
export function processEvidence(process: TracedProcess): Evidence {
  const { pid, executable, arguments: words, deleted } = process;
  const command = Buffer.concat(words.flatMap((word) => [word, Buffer.from(' ')]));
  return evidence(
    process.source,
    Buffer.concat([
      Buffer.from(`pid ${pid} runs `),
      executable ?? Buffer.from('nothing known'),
      Buffer.from(deleted ? ' (no file any more): ' : ': '),
      command,
    ]),
  );
}

/** Processes in containers, which most rules ask for. */
export function contained(traces: NodeTraces): TracedProcess[] {
  return traces.processes.filter(({ container }) => container.containerId !== undefined);
}

/** True when a process still ran in the acquisition that asked the API server last, by pid and start. */
export function ranToTheEnd(traces: NodeTraces, { pid, stat, source }: TracedProcess): boolean {
  const asked = traces.pods?.at(-1)?.source.acquisition;
  const then = ({ acquisition }: Source): boolean => asked === undefined || acquisition === asked;
  const looks = (traces.files.get('live_response/process/second_look.txt') ?? []).filter((look) =>
    then(look.source),
  );
  if (looks.length === 0) return then(source);
  return looks.some(({ value }) => linesOfText(value.bytes).includes(`${pid} ${stat?.startTicks ?? ''}`));
}

/**
 * Tells of a process whether a runtime is just starting it: it began while evidence was collected, and so did all that made it, up to
 * a program of the node outside of any container. Who forks anew all the time to look young has an older parent inside.
 */
export function startingIn(traces: NodeTraces): (process: TracedProcess) => boolean {
  const places = new Map<string, TracedProcess>();
  for (const process of traces.processes)
    for (const look of process.looks) places.set(`${look} ${process.pid}`, process);
  return (process) => {
    const seen = new Set([process]);
    let child = process;
    while (child.young) {
      const parent = places.get(`${process.source.acquisition} ${child.stat?.ppid ?? 0}`);
      if (parent === undefined || seen.has(parent)) return true;
      seen.add(parent);
      child = parent;
    }
    return (
      child !== process &&
      child.container.containerId === undefined &&
      sameNamespace(child, traces.host, 'mnt') !== false
    );
  };
}

/** The first of the processes of each container, by rising pid. */
export function onePerContainer(processes: readonly TracedProcess[]): TracedProcess[] {
  const first = new Map<string, TracedProcess>();
  for (const process of [...processes].sort((a, b) => a.pid - b.pid)) {
    const id = process.container.containerId;
    if (id !== undefined && !first.has(id)) first.set(id, process);
  }
  return [...first.values()];
}

/** The process that holds a socket: by pid and start, as pids are given out anew. */
export function holderOf(traces: NodeTraces, holder: ProcessRecord | undefined): TracedProcess | undefined {
  return traces.processes.find(
    ({ pid, stat }) => pid === holder?.pid && stat?.startTicks === holder.stat?.startTicks,
  );
}

/** True when two processes are in the same namespace of a sort; undefined when that is not known. */
export function sameNamespace(
  a: TracedProcess,
  b: TracedProcess | undefined,
  sort: string,
): boolean | undefined {
  const [one, other] = [a.namespaces.get(sort), b?.namespaces.get(sort)];
  return one === undefined || other === undefined ? undefined : one === other;
}

import type { Finding, Subject } from './finding.ts';
import { ofPersistence, podsOf } from './indicators-of.ts';
import { reaches } from './judge.ts';
import type { Pod } from './pods.ts';
import { isSameProcess } from './process-identity.ts';
import type { Touched } from './touch.ts';

/** What a case is about, so that its traces there are no news. */
export interface Known {
  /** `NAMESPACE/NAME`. */
  readonly pods: ReadonlySet<string>;
  /** Files of nodes, `NODE PATH`. */
  readonly files: ReadonlySet<string>;
  readonly processes: readonly Subject[];
}

/** A finding is about its pod, its process, and its file where that is one of the node. */
export function knownOf(findings: readonly Finding[]): Known {
  const onNode = findings.filter(
    ({ rule, subject: { path, container } }) =>
      path !== undefined && (container === undefined || ofPersistence.has(rule)),
  );
  return {
    pods: podsOf(findings),
    files: new Set(onNode.map(({ subject: { node, path = '' } }) => `${node} ${path}`)),
    processes: findings.map(({ subject }) => subject).filter(({ pid }) => pid !== undefined),
  };
}

/** True for somebody that a case is about; a process that was given the pid of one of it is somebody else. */
export function isKnown(subject: Touched, { pods, files, processes }: Known): boolean {
  const { node = '', namespace = '', pod, path } = subject;
  if (pod !== undefined) return pods.has(`${namespace}/${pod}`);
  if (path !== undefined && files.has(`${node} ${path}`)) return true;
  return processes.some((one) => one.node === node && isSameProcess(one, subject));
}

/**
 * When what a case is about began at the earliest: when its first pod was made, by the API server, or where no pod is suspected,
 * when its first process started, by the node.
 */
export function beganOf(
  findings: readonly Finding[],
  pods: readonly Pod[],
  known: ReadonlySet<string>,
): string | undefined {
  const made = pods.filter(({ namespace, name }) => known.has(`${namespace}/${name}`));
  const started = findings.filter(({ severity }) => reaches(severity, 'high'));
  const times =
    known.size > 0 ? made.map(({ created }) => created) : started.map(({ subject }) => subject.started);
  return times.some((time) => time === undefined)
    ? undefined
    : times.filter((time) => time !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import {
  contained,
  knownOf,
  onePerContainer,
  processEvidence,
  sameNamespace,
  startingIn,
  subjectOf,
} from '../subject.ts';

const sorts = [
  ['pid', 'hostPID'],
  ['ipc', 'hostIPC'],
  ['net', 'hostNetwork'],
] as const;

/** The pid, ipc or network namespace of the node in a pod whose object does not ask for it. */
export const nodeNamespacesUndeclared: Rule = {
  id: 'node-namespaces-undeclared',
  title: 'process of a container is in a namespace of the node that its pod did not ask for',
  explanation:
    'What the API knows of the pod says it is apart from the node; this process is not. It entered, or was put there.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'Pods that ask for the namespaces of the node are no finding. A process that started while evidence was collected is left out.',
  attack: ['T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['namespaces(7)', 'Kubernetes: PodSpec, hostPID, hostIPC, hostNetwork'],
  refutedBy: 'The pod was replaced by another of the same uid, which the API server does not do.',
  next: ['kubectl ir show {case} processes -o wide', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'first process', 'pods of the API'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    for (const [sort, field] of sorts) {
      const inside = contained(traces).filter((process) => {
        const pod = knownOf(traces, process).pod?.value;
        return (
          !isStarting(process) &&
          pod !== undefined &&
          !pod[field] &&
          sameNamespace(process, traces.host, sort) === true
        );
      });
      for (const process of onePerContainer(inside)) {
        const { pod } = knownOf(traces, process);
        yield {
          subject: subjectOf(traces, process),
          seen: `is in the ${sort} namespace of the node; ${field} is not set in its pod`,
          evidence: [
            processEvidence(process),
            ...(pod === undefined ? [] : [evidence(pod.source, `${field} is not set`)]),
          ],
        };
      }
    }
  },
};

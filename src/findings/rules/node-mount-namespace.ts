import type { Rule } from '../rule.ts';
import { contained, processEvidence, sameNamespace, startingIn, subjectOf } from '../subject.ts';

/** What `nsenter -t 1 -m` leaves: the cgroup is the container's, the file system the node's. */
export const nodeMountNamespace: Rule = {
  id: 'node-mount-namespace',
  title: 'process of a container is in the mount namespace of the node',
  explanation:
    'It belongs to a container by its cgroup and sees the files of the node as the node does: it broke out.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'A runtime that is just starting something is there for a moment: medium for a process that started while evidence was collected.',
  agents: true,
  attack: ['T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['namespaces(7)', 'nsenter(1)'],
  refutedBy:
    'The pod is made to enter the node, such as an agent that installs drivers, and its owner says so.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} mounts',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    for (const process of contained(traces)) {
      if (sameNamespace(process, traces.host, 'mnt') !== true) continue;
      yield {
        subject: subjectOf(traces, process),
        seen: `its mount namespace ${process.namespaces.get('mnt') ?? ''} is that of process 1 of the node`,
        evidence: [processEvidence(process)],
        ...(isStarting(process) ? { severity: 'medium' as const, confidence: 'low' as const } : {}),
      };
    }
  },
};

import { evidence, excerptOf } from '../finding.ts';
import { findPod } from '../pods.ts';
import { identityOf } from '../process-identity.ts';
import type { Rule } from '../rule.ts';
import { onePerContainer, processEvidence, ranToTheEnd, startingIn } from '../subject.ts';

/** Pods by three witnesses: the API server, the kubelet, and the cgroups of processes. */
export const ghostPod: Rule = {
  id: 'ghost-pod',
  title: 'a pod runs that the API server does not know',
  explanation:
    'A file on the node, such as a static pod in a namespace that does not exist, makes the kubelet run a pod that no list of pods shows.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Medium where the kubelet does not know the pod either, which a pod that was just deleted shows too. Low for a pod that was made after evidence was collected, or whose processes had just started. Processes that were gone when the API server was asked are no finding.',
  attack: ['T1610', 'T1543.005', 'T1564'],
  threatMatrix: ['MS-TA9017'],
  references: ['Kubernetes: static pods', 'pkg/kubelet/config/common.go', 'cgroups(7)'],
  refutedBy: 'The pod was deleted, or made, within the seconds between the two looks: its events say so.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} containers',
    'kubectl get events -A --field-selector involvedObject.kind=Pod',
  ],
  needs: ['processes', 'pods of the API'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    const known = (traces.pods ?? []).map(({ value }) => value);
    const told = new Set<string>();
    for (const { source, value } of traces.kubeletPods ?? []) {
      if (
        known.some(
          (pod) => findPod([pod], value.uid) !== undefined || pod.configHash === (value.configHash ?? ''),
        )
      )
        continue;
      told.add(value.uid).add(value.configHash ?? value.uid);
      const late = value.created !== undefined && value.created >= traces.begun.slice(0, 19);
      yield {
        subject: { namespace: excerptOf(value.namespace), pod: excerptOf(value.name) },
        seen: `the kubelet runs it${value.configSource === undefined ? '' : ` by ${excerptOf(value.configSource)}`}, the API server does not know it`,
        evidence: [evidence(source, `${value.namespace}/${value.name} uid ${value.uid}`)],
        ...(late && value.configSource === 'api'
          ? { severity: 'low' as const, confidence: 'low' as const }
          : { confidence: 'high' as const }),
      };
    }
    for (const process of onePerContainer(traces.processes)) {
      const { podUid, podConfigHash } = process.container;
      const uid = podUid ?? podConfigHash;
      if (uid === undefined || told.has(uid) || findPod(known, uid) !== undefined) continue;
      // A pod that ended between the two looks is gone from both; only one that outlived its object is a ghost.
      if (!ranToTheEnd(traces, process)) continue;
      told.add(uid);
      yield {
        subject: { ...identityOf(process), container: process.container.containerId?.slice(0, 12) ?? uid },
        seen: `a cgroup of pod ${uid} has processes, the API server does not know the pod`,
        evidence: [processEvidence(process), evidence(process.source, process.cgroups[0]?.path ?? uid)],
        ...(isStarting(process)
          ? { severity: 'low' as const, confidence: 'low' as const }
          : traces.kubeletPods === undefined
            ? {}
            : { severity: 'medium' as const, confidence: 'low' as const }),
      };
    }
  },
};

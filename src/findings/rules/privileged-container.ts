import type { Rule } from '../rule.ts';
import { contained, containerSubject, knownOf, onePerContainer, processEvidence } from '../subject.ts';
import { evidence } from '../finding.ts';

/** The runtime lifts every limit at once for a privileged container: capabilities, seccomp, devices, masked paths. */
export const privilegedContainer: Rule = {
  id: 'privileged-container',
  title: 'container runs privileged',
  explanation:
    'Its processes have every capability of the node and no system call filter: whoever is in it can become root on the node.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Networks, storage and monitoring are privileged by design: medium where nothing tells whether the pod asked for it, low where its object in the API does. Names do not count.',
  agents: true,
  attack: ['T1610', 'T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['capabilities(7)', 'Kubernetes: SecurityContext, privileged'],
  refutedBy:
    'The pod is privileged on purpose: its owner says so, and its object has asked for it since before the incident.',
  next: [
    'kubectl ir show {case} containers -o wide',
    'kubectl get pod {pod} -n {namespace} -o yaml',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process'],
  *judge(traces) {
    const full = traces.host?.status?.bounding;
    if (full === undefined || full === 0n) return;
    const open = contained(traces).filter(
      ({ status, namespaces }) =>
        status?.effective === full &&
        status.seccomp === 0 &&
        namespaces.get('user') === traces.host?.namespaces.get('user'),
    );
    for (const process of onePerContainer(open)) {
      const { spec, pod, container } = knownOf(traces, process);
      const asked = container?.privileged;
      const told =
        spec === undefined
          ? 'its specification is not in the case'
          : spec.value.allDevices && spec.value.maskedPaths.length === 0
            ? 'it was started so'
            : 'it was NOT started so';
      const apis =
        asked === undefined
          ? 'what the API says of it is not known'
          : asked
            ? 'its pod asked for it'
            : 'its pod did NOT ask for it';
      yield {
        subject: containerSubject(traces, process),
        seen: `every capability and no seccomp in pid ${process.pid}; ${told}, ${apis}`,
        severity: asked === true ? 'low' : asked === false ? 'critical' : 'medium',
        confidence: asked === undefined ? 'medium' : 'high',
        evidence: [
          processEvidence(process),
          ...(spec === undefined
            ? []
            : [
                evidence(
                  spec.source,
                  `all devices ${String(spec.value.allDevices)}, masked paths ${spec.value.maskedPaths.length}`,
                ),
              ]),
          ...(pod === undefined
            ? []
            : [evidence(pod.source, `privileged: ${String(asked ?? 'no such container')}`)]),
        ],
      };
    }
  },
};

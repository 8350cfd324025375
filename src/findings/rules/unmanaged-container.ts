import { evidence, excerptOf } from '../finding.ts';
import { findPod } from '../pods.ts';
import type { Rule } from '../rule.ts';
import { ranToTheEnd } from '../subject.ts';

/** Containers by their runtime, held against the pods of API server and kubelet. */
export const unmanagedContainer: Rule = {
  id: 'unmanaged-container',
  title: 'the runtime has a container that belongs to no pod',
  explanation: 'Somebody started it at the runtime, past the API server, its admission and its audit.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Another namespace of the runtime than that of Kubernetes is medium, as hosts run containers of their own (docker, nerdctl), unless the container is privileged. One of an unknown pod is low when none of its processes is there, or none to the end of the look: the runtime takes its time to clear away after a deleted pod.',
  attack: ['T1610', 'T1612', 'T1525'],
  threatMatrix: ['MS-TA9008', 'MS-TA9012'],
  references: ['containerd docs/namespaces.md', 'OCI runtime-spec, config.md'],
  refutedBy:
    'The pod was deleted or made within the seconds between the two looks; or the organisation runs this container on all of its nodes.',
  next: ['kubectl ir show {case} containers -o wide', 'kubectl ir show {case} processes -o wide'],
  needs: ['specifications', 'pods of the API'],
  *judge(traces) {
    const known = [...(traces.pods ?? []), ...(traces.kubeletPods ?? [])].map(({ value }) => value);
    const running = new Set(
      traces.processes
        .filter((process) => ranToTheEnd(traces, process))
        .map(({ container }) => container.containerId),
    );
    for (const { source, value } of traces.specifications) {
      const { podUid, runtimeNamespace, container, id, image, args, allDevices } = value;
      if (podUid !== undefined && findPod(known, podUid) !== undefined) continue;
      const elsewhere = runtimeNamespace !== 'k8s.io';
      const over = podUid !== undefined && traces.processes.length > 0 && !running.has(id);
      yield {
        subject: {
          ...(value.namespace === undefined ? {} : { namespace: excerptOf(value.namespace) }),
          ...(value.pod === undefined ? {} : { pod: excerptOf(value.pod) }),
          container: excerptOf(container ?? id.slice(0, 12)),
        },
        seen: `in namespace ${excerptOf(runtimeNamespace)} of the runtime; ${podUid === undefined ? 'it names no pod' : 'neither API server nor kubelet know the pod that it names'}${over ? '; none of its processes is there' : ''}`,
        evidence: [evidence(source, `${id} ${image ?? 'no image'}: ${args.join(' ')}`)],
        severity: over ? 'low' : elsewhere && !allDevices ? 'medium' : 'high',
      };
    }
  },
};

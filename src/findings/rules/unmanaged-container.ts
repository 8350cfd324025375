import { evidence, type Evidence, excerptOf, type Match } from '../finding.ts';
import { findPod, type Pod } from '../pods.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, ranToTheEnd } from '../subject.ts';
import type { NodeTraces, TracedProcess, TracedSpec } from '../traces.ts';

/** Seconds after which a kubelet has told the API server of a container that it started, also on a busy node. */
const settled = 60;

/** Containers by their runtime, held against the pods of API server and kubelet: which pod it is of, a container says itself. */
export const unmanagedContainer: Rule = {
  id: 'unmanaged-container',
  title: 'the runtime has a container that belongs to no pod',
  explanation:
    'Somebody started it at the runtime, past the API server, its admission and its audit. One that names a pod which does not know it hides behind that pod.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Another namespace of the runtime than that of Kubernetes is medium, as hosts run containers of their own (docker, nerdctl), unless the container is privileged. One of an unknown pod is low when none of its processes is there, or none to the end of the look: the runtime takes its time to clear away after a deleted pod. One of a pod that is known is a finding only when it ran for a minute and to the end of the look; a second sandbox of a pod is medium.',
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
      const { podUid, runtimeNamespace, id, image, args, allDevices } = value;
      if (podUid !== undefined && findPod(known, podUid) !== undefined) {
        const stray = strayOf(traces, known, value);
        if (stray !== undefined)
          yield {
            subject: subjectOf(value),
            evidence: [
              evidence(source, `${id} ${image ?? 'no image'}: ${args.join(' ')}`),
              ...stray.evidence,
            ],
            seen: stray.seen,
            ...(value.kind === 'sandbox' ? { severity: 'medium' } : {}),
          };
        continue;
      }
      const elsewhere = runtimeNamespace !== 'k8s.io';
      // Podman keeps the file of one that ended; containerd and CRI-O leave one of no pod to whoever made it.
      const over =
        (podUid !== undefined || runtimeNamespace === 'podman') &&
        traces.processes.length > 0 &&
        !running.has(id);
      yield {
        subject: subjectOf(value),
        seen: `in namespace ${excerptOf(runtimeNamespace)} of the runtime; ${podUid === undefined ? 'it names no pod' : 'neither API server nor kubelet know the pod that it names'}${over ? '; none of its processes is there' : ''}`,
        evidence: [evidence(source, `${id} ${image ?? 'no image'}: ${args.join(' ')}`)],
        severity: over ? 'low' : elsewhere && !allDevices ? 'medium' : 'high',
      };
    }
  },
};

function subjectOf({ namespace, pod, container, id }: TracedSpec): Match['subject'] {
  return {
    ...(namespace === undefined ? {} : { namespace: excerptOf(namespace) }),
    ...(pod === undefined ? {} : { pod: excerptOf(pod) }),
    container: excerptOf(container ?? id.slice(0, 12)),
  };
}

/** Why a container can't be of the pod that it names; undefined when it may be. */
function strayOf(
  traces: NodeTraces,
  known: readonly Pod[],
  { podUid, id, kind }: TracedSpec,
): Pick<Match, 'seen' | 'evidence'> | undefined {
  const ofPod = known.filter((pod) => findPod([pod], podUid) !== undefined);
  const ids = new Set(ofPod.flatMap(({ containers }) => containers.flatMap((one) => one.id ?? [])));
  const process = settledProcess(traces, id);
  // The runtimes of Kubernetes give no other ids; the cgroup of another one is not known for one of a container.
  const foreign = !/^[0-9a-f]{64}$/.test(id);
  if (ids.has(id) || (process === undefined && !foreign)) return undefined;
  const witness = process === undefined ? [] : [processEvidence(process)];
  if (kind !== 'sandbox') {
    if (ids.size === 0) return undefined;
    const told = [...ids].map((one) => one.slice(0, 12)).join(', ');
    return {
      seen: 'it names a pod that has no such container',
      evidence: [...witness, ...podEvidence(traces, podUid, `the containers of its pod are ${told}`)],
    };
  }
  const sandboxes = traces.specifications.filter(
    ({ value }) =>
      value.kind === 'sandbox' && value.podUid === podUid && settledProcess(traces, value.id) !== undefined,
  );
  const count = new Set(sandboxes.map(({ value }) => value.id)).size + (process === undefined ? 1 : 0);
  return count < 2 ? undefined : { seen: `one of ${count} sandboxes of its pod`, evidence: witness };
}

function settledProcess(traces: NodeTraces, id: string): TracedProcess | undefined {
  return traces.processes.find(
    (process) =>
      process.container.containerId === id &&
      !process.young &&
      (process.lifetime ?? 0) >= settled &&
      ranToTheEnd(traces, process),
  );
}

function podEvidence({ pods = [] }: NodeTraces, uid: string | undefined, text: string): Evidence[] {
  const pod = pods.findLast(({ value }) => findPod([value], uid) !== undefined);
  return pod === undefined ? [] : [evidence(pod.source, text)];
}

import { isBefore } from '../cluster-book.ts';
import { evidence, excerptOf, type Match, type Traced } from '../finding.ts';
import { findPod, type Pod } from '../pods.ts';
import type { Rule } from '../rule.ts';
import type { NodeTraces } from '../traces.ts';

/** Seconds after its start in which a kubelet may not have told yet what of its pods the boot ended. */
const booting = 300;

/** A pod that the API server showed as running with the same containers before and after the node was looked at. */
interface Claimed {
  readonly before: Traced<Pod>;
  readonly after: Traced<Pod>;
  readonly ids: readonly string[];
}

/** Pods by four witnesses, from the other side: what the API server says, and the node has nothing of. */
export const podNotOnNode: Rule = {
  id: 'pod-not-on-node',
  title: 'the API server says that a pod runs, and the node has nothing of it',
  explanation:
    'The API server repeats what was written into the status of the pod. Where the node has no process, no cgroup and no container of it, something hides it there, or somebody with the credentials of the node made its status up.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Only a pod counts that ran with the same container, and was not being deleted, in a list of the API server from before the look at the node and in one from behind it: pods that were made, deleted, started anew or done meanwhile are no finding. Medium where the kubelet knows the pod too, or was not asked: it may have ended a moment ago. Low in the first five minutes of a node, where the node was looked at at another time, and once for all pods where nothing of any pod was found: then the look was blind.',
  attack: ['T1564', 'T1014'],
  threatMatrix: [],
  references: ['Kubernetes: pod lifecycle', 'pkg/kubelet/status/status_manager.go', 'cgroups(7)'],
  refutedBy:
    'Its containers ended within the seconds of the look, which the kubelet tells a moment later: the count of restarts or the phase of the pod is another now.',
  next: [
    'kubectl get pod {pod} -n {namespace} -o yaml',
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} containers',
  ],
  needs: ['all processes', 'specifications', 'pods of the API before', 'pods of the API'],
  *judge(traces) {
    const there = tracesOfPods(traces);
    const claimed = claimedPods(traces);
    const missing = claimed.filter(
      ({ after: { value }, ids }) => ![value.uid, value.configHash ?? '', ...ids].some((id) => there.has(id)),
    );
    if (missing.length === claimed.length && missing[0] !== undefined) {
      const { before, after } = missing[0];
      yield {
        subject: {},
        seen: `nothing of any pod was found on the node, of which the API server says that ${missing.length} run`,
        severity: 'low',
        confidence: 'low',
        evidence: [before, after].map(evidenceOf),
      };
      return;
    }
    for (const one of missing) {
      const { before, after } = one;
      yield {
        subject: { namespace: excerptOf(after.value.namespace), pod: excerptOf(after.value.name) },
        seen: `the node has no process, cgroup or container of it${kubeletOf(traces, after.value)}`,
        ...weightOf(traces, one),
        evidence: [before, after].map(evidenceOf),
      };
    }
  },
};

/** Every id by which the node shows a pod: uids, hashes of manifests, and containers. */
function tracesOfPods({ processes, specifications }: NodeTraces): ReadonlySet<string> {
  const ids = [
    ...processes.flatMap(({ container: { podUid, podConfigHash, containerId } }) => [
      podUid,
      podConfigHash,
      containerId,
    ]),
    ...specifications.flatMap(({ value: { podUid, id } }) => [podUid, id]),
  ];
  return new Set(ids.filter((id) => id !== undefined));
}

/** Those of ours are left out, of which the processes are. */
function claimedPods({ looks, own }: NodeTraces): Claimed[] {
  const byUid = new Map<string, Traced<Pod>[]>();
  for (const look of looks) {
    const list = byUid.get(look.value.uid);
    if (list === undefined) byUid.set(look.value.uid, [look]);
    else list.push(look);
  }
  return [...byUid.values()].flatMap((list) => {
    const last = list.findLastIndex((look) => !isBefore(look));
    const after = list[last];
    const before = list.slice(0, Math.max(last, 0)).findLast(isBefore);
    if (before === undefined || after === undefined) return [];
    const running = runningOf(before.value);
    const ids = runningOf(after.value).filter((id) => running.includes(id));
    return ids.length === 0 || ids.some((id) => own.has(id)) ? [] : [{ before, after, ids }];
  });
}

function runningOf({ phase, deleting, containers }: Pod): string[] {
  if (phase !== 'Running' || deleting) return [];
  return containers.flatMap(({ id, running }) => (running && id !== undefined ? [id] : []));
}

function weightOf(traces: NodeTraces, { before, after }: Claimed): Pick<Match, 'severity' | 'confidence'> {
  const { host, kubeletPods } = traces;
  const between = [before, after].some(({ source }) => source.acquisition === host?.source.acquisition);
  if (!between || (host?.lifetime ?? booting) < booting) return { severity: 'low', confidence: 'low' };
  if (kubeletPods === undefined) return { severity: 'medium', confidence: 'low' };
  return knows(traces, after.value) ? { severity: 'medium' } : {};
}

function kubeletOf(traces: NodeTraces, pod: Pod): string {
  if (traces.kubeletPods === undefined) return '';
  return knows(traces, pod) ? ', its kubelet says that it runs' : ', and its kubelet does not know it';
}

function knows({ kubeletPods = [] }: NodeTraces, { uid, configHash }: Pod): boolean {
  const pods = kubeletPods.map(({ value }) => value);
  return findPod(pods, uid) !== undefined || findPod(pods, configHash) !== undefined;
}

function evidenceOf({ source, value }: Traced<Pod>): Match['evidence'][number] {
  const ids = runningOf(value).map((id) => id.slice(0, 12));
  return evidence(source, `${value.namespace}/${value.name} uid ${value.uid} running ${ids.join(', ')}`);
}

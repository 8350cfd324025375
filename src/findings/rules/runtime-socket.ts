import { evidence } from '../finding.ts';
import { below, mountsOf, nodeMounts, placeOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { contained, containerSubject, knownOf, onePerContainer, processEvidence } from '../subject.ts';

const socket = /\/(?:containerd|docker|crio|dockershim|cri-dockerd|podman|buildkitd)\.sock$/;
/** Directories of the node that hold such a socket. */
const holders = ['/run/containerd', '/run/docker', '/run/crio', '/run/podman', '/run/k3s/containerd', '/run'];

/** The socket of a container runtime among the mounts of a container. */
export const runtimeSocket: Rule = {
  id: 'runtime-socket',
  title: 'container can talk to the container runtime of the node',
  explanation:
    'Who can talk to the runtime can start a container that owns the node, past the API server and everything that watches it.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Agents that watch containers ask for it: medium where the pod asks for the path, or where nothing tells whether it does.',
  attack: ['T1609', 'T1610', 'T1552.007', 'T1059.013'],
  threatMatrix: ['MS-TA9013'],
  references: ['proc_pid_mountinfo(5)', 'Kubernetes: HostPathVolumeSource'],
  refutedBy: 'The owner of the pod needs it, and it asked for it since before the incident.',
  next: [
    'kubectl ir show {case} mounts',
    'kubectl ir show {case} containers',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process', 'mount tables'],
  *judge(traces) {
    const node = nodeMounts(traces);
    if (node === undefined) return;
    for (const process of onePerContainer(contained(traces))) {
      const table = mountsOf(traces, process);
      if (table === undefined || table === node) continue;
      const mount = table.mounts.find((one) => {
        const place = placeOnNode(one, node);
        return socket.test(one.root.toString('latin1')) || (place !== undefined && holders.includes(place));
      });
      if (mount === undefined) continue;
      const place = placeOnNode(mount, node) ?? mount.root.toString('latin1');
      const { pod } = knownOf(traces, process);
      const asked = pod?.value.hostPaths.some((path) => below(unlinked(path), unlinked(place)) !== undefined);
      yield {
        subject: {
          ...containerSubject(traces, process),
          path: evidence(table.source, Buffer.from(place, 'latin1')).excerpt,
        },
        seen:
          asked === undefined
            ? 'mounted; what its pod asked for is not known'
            : asked
              ? 'mounted, as its pod asks'
              : 'mounted although its pod did NOT ask for it',
        severity: asked === false ? 'critical' : 'medium',
        confidence: asked === undefined ? 'medium' : 'high',
        evidence: [
          evidence(table.source, Buffer.concat([mount.root, Buffer.from(' on '), mount.point])),
          processEvidence(process),
          ...(pod === undefined
            ? []
            : [evidence(pod.source, `hostPath: ${pod.value.hostPaths.join(', ') || 'none'}`)]),
        ],
      };
    }
  },
};

/** /var/run is a link to /run on every distribution of today (file-hierarchy(7)). */
function unlinked(path: string): string {
  const short = path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
  return short.replace(/^\/var\/run(?=\/|$)/, '/run');
}

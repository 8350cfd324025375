import { runtimeSocket as socketName, socketDirectories } from '../../artifacts/runtime-places.ts';
import { askedFor } from '../asked.ts';
import { evidence, excerptOf } from '../finding.ts';
import { apartFromNode, placeOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { contained, containerSubject, knownOf, onePerContainer, processEvidence } from '../subject.ts';

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
  agents: true,
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
    for (const { process, table, node } of apartFromNode(traces, onePerContainer(contained(traces)))) {
      const mount = table.mounts.find((one) => {
        const place = placeOnNode(one, node);
        return (
          socketName.test(one.root.toString('latin1')) ||
          (place !== undefined && socketDirectories.includes(place))
        );
      });
      if (mount === undefined) continue;
      const place = placeOnNode(mount, node) ?? mount.root.toString('latin1');
      const { pod } = knownOf(traces, process);
      const { asked, text, evidence: proof } = askedFor(pod, place);
      yield {
        subject: { ...containerSubject(traces, process), path: excerptOf(Buffer.from(place, 'latin1')) },
        seen: `mounted${text}`,
        severity: asked === false ? 'critical' : 'medium',
        confidence: asked === undefined ? 'medium' : 'high',
        evidence: [
          evidence(table.source, Buffer.concat([mount.root, Buffer.from(' on '), mount.point])),
          processEvidence(process),
          ...proof,
        ],
      };
    }
  },
};

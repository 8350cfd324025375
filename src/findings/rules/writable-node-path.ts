import { askedFor } from '../asked.ts';
import { evidence, excerptOf } from '../finding.ts';
import { apartFromNode, placeOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { weightOf } from '../sensitive-places.ts';
import { contained, containerSubject, knownOf, onePerContainer, processEvidence } from '../subject.ts';

/** Mounts of the node's own directories in the mount table of a container, whatever its specification says. */
export const writableNodePath: Rule = {
  id: 'writable-node-path',
  title: 'container can write to a directory of the node that decides what the node runs',
  explanation:
    'A file that is written there is run, or believed, by the node: the usual way from a pod to its node.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Node agents mount such directories on purpose: medium where the pod asks for them (low for logs and state), or where nothing tells whether it does. What was mounted although the pod did not ask for it is never less.',
  agents: true,
  attack: ['T1611'],
  threatMatrix: ['MS-TA9013'],
  references: ['proc_pid_mountinfo(5)', 'Kubernetes: HostPathVolumeSource'],
  refutedBy: 'The owner of the pod needs the directory, and it asked for it since before the incident.',
  next: [
    'kubectl ir show {case} mounts',
    'kubectl get pod {pod} -n {namespace} -o yaml',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process', 'mount tables'],
  *judge(traces) {
    for (const { process, table, node } of apartFromNode(traces, onePerContainer(contained(traces)))) {
      const { pod } = knownOf(traces, process);
      const told = new Set<string>();
      for (const mount of table.mounts) {
        const place = mount.options.includes('rw') ? placeOnNode(mount, node) : undefined;
        const weight = place === undefined ? undefined : weightOf(place);
        if (place === undefined || weight === undefined || told.has(place)) continue;
        if (['proc', 'sysfs', 'cgroup', 'cgroup2', 'mqueue', 'devpts'].includes(mount.type)) continue;
        told.add(place);
        const { asked, text, evidence: proof } = askedFor(pod, place);
        yield {
          subject: { ...containerSubject(traces, process), path: excerptOf(Buffer.from(place, 'latin1')) },
          seen: `mounted writable${text}`,
          severity: asked === false ? 'critical' : weight === 'state' ? 'low' : 'medium',
          confidence: asked === undefined ? 'medium' : 'high',
          evidence: [
            evidence(
              table.source,
              Buffer.concat([
                mount.root,
                Buffer.from(` (${mount.device}) on `),
                mount.point,
                Buffer.from(` ${mount.options.join(',')}`),
              ]),
            ),
            processEvidence(process),
            ...proof,
          ],
        };
      }
    }
  },
};

import { askedFor } from '../asked.ts';
import { evidence, excerptOf } from '../finding.ts';
import { apartFromNode, below, placeOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { contained, containerSubject, knownOf, onePerContainer, processEvidence } from '../subject.ts';

const usual = '/sys/fs/cgroup';

/** `mount -t cgroup`, as the escape by a release agent begins, in the mount table of a container. */
export const cgroupMounted: Rule = {
  id: 'cgroup-mounted',
  title: 'container has cgroups mounted for writing where no runtime puts them',
  explanation:
    'In the first version of cgroups the kernel runs, as root on the node, the program that is written to release_agent there: whoever wants out that way mounts them first.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'What the runtime mounts at /sys/fs/cgroup is no finding, nor is the second version of cgroups, which has no such agent. Medium where the pod asks for the cgroups of the node, as some agents do, or where nothing tells what it asks for.',
  agents: true,
  attack: ['T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['cgroups(7)', 'CVE-2022-0492', 'proc_pid_mountinfo(5)'],
  refutedBy: 'The container runs containers of its own, and mounts the cgroups for them.',
  next: ['kubectl ir show {case} mounts', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'first process', 'mount tables'],
  *judge(traces) {
    for (const { process, table, node } of apartFromNode(traces, onePerContainer(contained(traces)))) {
      const mount = table.mounts.find(
        ({ type, options, point }) =>
          type === 'cgroup' && options.includes('rw') && below(usual, point.toString('latin1')) === undefined,
      );
      if (mount === undefined) continue;
      const place = placeOnNode(mount, node) ?? usual;
      const { asked, text, evidence: proof } = askedFor(knownOf(traces, process).pod, place);
      yield {
        subject: { ...containerSubject(traces, process), path: excerptOf(mount.point) },
        seen: `mounted for writing${text}`,
        severity: asked === false ? 'high' : 'medium',
        evidence: [
          evidence(
            table.source,
            Buffer.concat([
              mount.root,
              Buffer.from(' on '),
              mount.point,
              Buffer.from(` ${mount.options.join(',')} ${mount.type} `),
              mount.superOptions,
            ]),
          ),
          processEvidence(process),
          ...proof,
        ],
      };
    }
  },
};

import { evidence, excerptOf } from '../finding.ts';
import { mountsOf, nodeMounts, pathOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { contained, processEvidence, subjectOf } from '../subject.ts';

/** `chroot /host` in a container that has the node's file system mounted. */
export const changedRoot: Rule = {
  id: 'changed-root',
  title: 'process of a container has its root in the file system of the node',
  explanation:
    'It changed its root directory to a place of the node that is mounted into the container: it works on the node as if it were there.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'A root within the own file system of the container, as daemons take on to shut themselves in, is no finding. Medium where the place lies below the root of the node.',
  agents: true,
  attack: ['T1611'],
  threatMatrix: ['MS-TA9013'],
  references: ['chroot(2)', 'proc_pid_root(5)'],
  refutedBy: 'The pod is a node agent that works so by design, and its owner says so.',
  next: ['kubectl ir show {case} mounts', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'first process', 'mount tables'],
  *judge(traces) {
    const node = nodeMounts(traces);
    if (node === undefined) return;
    for (const process of contained(traces)) {
      const table = mountsOf(traces, process);
      const path = process.root?.value.toString('latin1') ?? '/';
      if (path === '/' || table === undefined || process.root === undefined) continue;
      const place = pathOnNode(path, table, node);
      if (place === undefined) continue;
      yield {
        subject: { ...subjectOf(traces, process), path: excerptOf(Buffer.from(place, 'latin1')) },
        seen: 'its root directory is a place of the node',
        evidence: [
          processEvidence(process),
          evidence(process.root.source, Buffer.concat([Buffer.from('root -> '), process.root.value])),
        ],
        ...(place === '/' ? {} : { severity: 'medium' as const }),
      };
    }
  },
};

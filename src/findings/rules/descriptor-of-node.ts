import { parseDescriptorMounts } from '../../artifacts/descriptor-mounts.ts';
import { isMalformed } from '../../artifacts/lines.ts';
import { evidence, excerptOf } from '../finding.ts';
import { apartFromNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';
import { contained, processEvidence, startingIn, subjectOf } from '../subject.ts';
import type { NodeTraces, TracedProcess } from '../traces.ts';

/** What runtimes hand to a container on purpose, and files of the kernel that have no place. */
const ordinary =
  /^\/(?:dev\/(?:null|zero|full|u?random|tty|console|ptmx|pts\/[0-9]+)|memfd:.*|SYSV[0-9a-f]{8}.*|\[.*|(?:var\/)?run\/containerd\/(?:fifo|io\.containerd\.)\/?.*)$/;

/** A descriptor keeps the mount that it was opened through: one of the node in a container was opened outside of it. */
export const descriptorOfNode: Rule = {
  id: 'descriptor-of-node',
  title: 'process of a container has a file open through a mount of the node',
  explanation:
    'No mount of the container leads there: it was opened on the node and leaked into the container, or was handed in. With an open directory the whole file system of the node can be walked (CVE-2024-21626).',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Devices and pipes that runtimes hand to every container are no finding, nor is a process that started while evidence was collected or that is in the mount namespace of the node.',
  agents: true,
  attack: ['T1611'],
  threatMatrix: ['MS-TA9009'],
  references: ['CVE-2024-21626', 'proc_pid_fdinfo(5)', 'proc_pid_mountinfo(5)'],
  refutedBy:
    'A service of the node hands open files to this container on purpose, over a socket that they share.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} mounts',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process', 'open files', 'mount tables', 'mounts of open files'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    const through = mountsOfDescriptors(traces);
    for (const { process, table, node } of apartFromNode(traces, contained(traces))) {
      if (isStarting(process)) continue;
      const own = new Set(table.mounts.map(({ id }) => id));
      const nodes = new Map(node.mounts.map((mount) => [mount.id, mount]));
      for (const [number, link] of process.descriptors) {
        const path = link.value.toString('latin1');
        const mount = nodes.get(through.get(keyOf(process, number)) ?? -1);
        if (mount === undefined || own.has(mount.id)) continue;
        if (!path.startsWith('/') || ordinary.test(path)) continue;
        yield {
          subject: { ...subjectOf(traces, process), path: excerptOf(link.value) },
          seen: `descriptor ${number} was opened through a mount of the node`,
          evidence: [
            evidence(link.source, Buffer.concat([Buffer.from(`fd ${number} -> `), link.value])),
            evidence(
              node.source,
              Buffer.concat([Buffer.from(`mount ${mount.id} of the node is on `), mount.point]),
            ),
            processEvidence(process),
          ],
        };
        break;
      }
    }
  },
};

function mountsOfDescriptors(traces: NodeTraces): Map<string, number> {
  const found = new Map<string, number>();
  for (const { source, value } of filesLike(traces, /^live_response\/process\/descriptor_mounts\.txt$/))
    for (const one of parseDescriptorMounts(value.bytes))
      if (!isMalformed(one)) found.set(`${source.acquisition} ${one.pid} ${one.descriptor}`, one.mount);
  return found;
}

function keyOf({ source, pid }: TracedProcess, descriptor: number): string {
  return `${source.acquisition} ${pid} ${descriptor}`;
}

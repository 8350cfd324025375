import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { contained, knownOf, processEvidence, subjectOf } from '../subject.ts';

const disk =
  /^\/(?:[^/]+\/)*dev\/(?:sd[a-z]|nvme[0-9]|vd[a-z]|xvd[a-z]|dm-[0-9]|loop[0-9]|mapper\/|mem$|kmem$|port$)/;

/** Disks and memory of the node as open files of processes in containers. */
export const rawDevice: Rule = {
  id: 'raw-device',
  title: 'process of a container has a disk or the memory of the node open',
  explanation: 'Who reads and writes the disk below the file system passes every check of the node.',
  severity: 'critical',
  confidence: 'medium',
  lessWhen:
    'Pods that were given a block device for their own (volumeDevices) have it open all the time: low. Storage drivers work on disks and ask to be privileged: medium, as where nothing tells what the pod asked for.',
  agents: true,
  attack: ['T1611', 'T1006'],
  threatMatrix: ['MS-TA9018'],
  references: ['proc_pid_fd(5)', 'Kubernetes: Container, volumeDevices'],
  refutedBy: 'The pod is a storage driver that formats or mounts disks, and its owner says so.',
  next: ['kubectl ir show {case} processes -o wide', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'open files'],
  *judge(traces) {
    for (const process of contained(traces)) {
      const told = new Set<string>();
      for (const [number, link] of process.descriptors) {
        const path = link.value.toString('latin1');
        if (!disk.test(path) || told.has(path)) continue;
        told.add(path);
        const { pod, container } = knownOf(traces, process);
        const asked = container?.devices.includes(path);
        yield {
          subject: { ...subjectOf(traces, process), path: evidence(link.source, link.value).excerpt },
          seen:
            asked === true
              ? 'open, and a device that its pod asks for'
              : 'open; its pod asks for no such device',
          severity:
            asked === true
              ? 'low'
              : pod === undefined || container?.privileged === true
                ? 'medium'
                : 'critical',
          evidence: [
            evidence(link.source, Buffer.concat([Buffer.from(`fd ${number} -> `), link.value])),
            processEvidence(process),
          ],
        };
      }
    }
  },
};

import { procPath } from '../../artifacts/proc-path.ts';
import { evidence } from '../finding.ts';
import { processIn } from '../process-identity.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';
import { knownOf, processEvidence, subjectOf } from '../subject.ts';

/** enum bpf_prog_type of include/uapi/linux/bpf.h: those that run on functions of the kernel and can see or change all. */
const types: Readonly<Record<string, string>> = {
  2: 'kprobe',
  5: 'tracepoint',
  7: 'perf event',
  17: 'raw tracepoint',
  24: 'writable raw tracepoint',
  26: 'tracing',
  29: 'LSM',
};

/** eBPF programs by the descriptors that hold them: /proc/PID/fdinfo/N of proc_pid_fdinfo(5). */
export const kernelTracingFromContainer: Rule = {
  id: 'kernel-tracing-from-container',
  title: 'process of a container holds an eBPF program that traces the kernel',
  explanation:
    'Such a program sees, and can change, what every process of the node is told by the kernel: processes, files and connections can be hidden by it.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Agents of networks and security do the same and ask to be privileged: medium where the pod does, or where nothing tells. Programs held by nobody cannot be judged: runtimes leave such for every container.',
  agents: true,
  attack: ['T1014', 'T1205'],
  threatMatrix: [],
  references: ['bpf(2)', 'proc_pid_fdinfo(5)'],
  refutedBy: 'The pod is an agent that the organisation runs on its nodes.',
  next: ['kubectl ir show {case} bpf', 'kubectl ir show {case} processes -o wide'],
  needs: ['processes', 'kernel helpers'],
  *judge(traces) {
    const told = new Set<string>();
    for (const { source, value } of filesLike(traces, /^\[root\]\/proc\/[0-9]+\/fdinfo\/[0-9]+$/)) {
      const text = value.bytes.toString('latin1');
      const type = types[/^prog_type:\s*([0-9]+)$/m.exec(text)?.[1] ?? ''];
      const process = processIn(traces, procPath(Buffer.from(source.name))?.pid, source.acquisition);
      if (type === undefined || process?.container.containerId === undefined) continue;
      const key = `${process.container.containerId} ${type}`;
      if (told.has(key)) continue;
      told.add(key);
      const { container } = knownOf(traces, process);
      yield {
        subject: subjectOf(traces, process),
        seen: `holds a program of type ${type}`,
        severity: container?.privileged === false ? 'high' : 'medium',
        evidence: [evidence(source, value.bytes), processEvidence(process)],
      };
    }
  },
};

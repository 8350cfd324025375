import { processIn } from '../process-identity.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';

/** ptrace across containers: TracerPid of proc_pid_status(5). */
export const tracedFromElsewhere: Rule = {
  id: 'traced-from-elsewhere',
  title: 'a process is debugged from another container',
  explanation:
    'Whoever debugs a process reads its memory, with keys and passwords, and can make it do anything.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'A debugger of the node itself is medium: administrators use one. Within one container it is no finding.',
  attack: ['T1055.008', 'T1003.007'],
  threatMatrix: [],
  references: ['ptrace(2)', 'proc_pid_status(5)'],
  refutedBy: 'Somebody debugged the process on purpose at that time.',
  next: ['kubectl ir show {case} processes -o wide', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes'],
  *judge(traces) {
    for (const process of traces.processes) {
      const pid = process.status?.tracer ?? 0;
      const tracer = pid === 0 ? undefined : processIn(traces, pid, process.source.acquisition);
      if (tracer === undefined || tracer.container.containerId === process.container.containerId) continue;
      yield {
        subject: subjectOf(traces, tracer),
        seen: `it debugs pid ${process.pid}, which is not of its container`,
        evidence: [processEvidence(tracer), processEvidence(process)],
        ...(tracer.container.containerId === undefined ? { severity: 'medium' as const } : {}),
      };
    }
  },
};

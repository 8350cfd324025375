import { excerptOf } from '../finding.ts';
import { isShell, shapeOf } from '../persistence.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';

/** Programs that only look for the words. */
const seekers = /\/(?:grep|egrep|fgrep|rg|ag|ack|sed|awk|gawk|vi|vim|less|cat)$/;

/** Command lines that open a shell to somewhere, or run what they fetch. */
export const shellCommandLine: Rule = {
  id: 'shell-command-line',
  title: 'the command line of a process opens a shell to somewhere, or runs what it fetches',
  explanation:
    'The words say what was meant, also where the connection is gone or led through another program.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'A file below /tmp in a command line is no finding. Programs that look for text are left out by their file, where they are of the node.',
  attack: ['T1059.004', 'T1105', 'T1071'],
  threatMatrix: ['MS-TA9006'],
  references: ['proc_pid_cmdline(5)'],
  refutedBy: 'The words stand in a text that the process only handles; or an installer is run so on purpose.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} sockets',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes'],
  *judge(traces) {
    for (const process of traces.processes) {
      const shape = shapeOf(
        process.arguments.map((word) => word.toString('latin1').replaceAll('\0', ' ')).join(' '),
      );
      if (shape === undefined || !isShell(shape.what)) continue;
      const outside = process.container.containerId === undefined;
      if (outside && seekers.test(process.executable?.toString('latin1') ?? '')) continue;
      yield {
        subject: subjectOf(traces, process),
        seen: `it has ${excerptOf(shape.what)}`,
        evidence: [processEvidence(process)],
      };
    }
  },
};

import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';

const place = /^\/(?:dev\/shm|run\/shm|tmp|var\/tmp)\//;

/** Programs that run from where anybody may write, and their file is still there. */
export const programInSharedMemory: Rule = {
  id: 'program-in-shared-memory',
  title: 'a program runs from a directory where anybody may write',
  explanation:
    'Tools that somebody brought along are put where everybody may write; in memory they are gone with the next boot.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'High is shared memory, where no package puts a program. /tmp is medium: compilers, tests and installers run programs there.',
  attack: ['T1105', 'T1564.001'],
  threatMatrix: [],
  references: ['proc_pid_exe(5)', 'shm_overview(7)'],
  refutedBy: 'A build or an installer ran there at that time.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir diff pod {pod} -n {namespace} --case {case}',
  ],
  needs: ['processes'],
  *judge(traces) {
    for (const process of traces.processes) {
      const path = process.executable?.toString('latin1') ?? '';
      if (process.deleted || !place.test(path)) continue;
      yield {
        subject: {
          ...subjectOf(traces, process),
          path: evidence(process.source, process.executable ?? '').excerpt,
        },
        seen: 'the file that it runs lies there',
        evidence: [processEvidence(process)],
        ...(path.includes('/shm/') ? {} : { severity: 'medium' as const }),
      };
    }
  },
};

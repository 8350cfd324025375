import { splitNul } from '../../artifacts/nul-list.ts';
import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';
import { bytesOfText } from '../text.ts';

const variable = /^(?:LD_PRELOAD|LD_AUDIT)=(.*)$/s;
const odd = /(?:^|[\s:])(?:\/(?:tmp|var\/tmp|dev\/shm|run\/shm|run\/user)\/|[^\s:]*\/\.[^/.])/;

/** LD_PRELOAD and LD_AUDIT in the environment with which a process started. */
export const preloadEnvironment: Rule = {
  id: 'preload-environment',
  title: 'a library is loaded into a process by its environment',
  explanation: 'The library is in the process before its own code is, and can change whatever it does.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Allocators and monitoring agents are loaded so every day: low for a library at an ordinary place. High is one where anybody may write, or whose name is hidden.',
  agents: true,
  attack: ['T1574.006'],
  threatMatrix: [],
  references: ['ld.so(8)', 'proc_pid_environ(5)'],
  refutedBy: 'The image of the container sets the variable itself.',
  next: ['kubectl ir show {case} memory', 'kubectl ir show {case} processes -o wide'],
  needs: ['processes', 'environments'],
  *judge(traces) {
    const told = new Set<string>();
    for (const process of traces.processes)
      for (const word of splitNul(process.environment?.value ?? Buffer.alloc(0))) {
        const text = word.toString('latin1');
        const value = variable.exec(text)?.[1]?.trim() ?? '';
        if (value === '') continue;
        const key = `${process.container.containerId ?? ''} ${text}`;
        if (told.has(key)) continue;
        told.add(key);
        yield {
          subject: { ...subjectOf(traces, process), path: excerptOf(bytesOfText(value)) },
          seen: 'its environment names the library',
          severity: odd.test(value) ? 'high' : 'low',
          evidence: [
            ...(process.environment === undefined ? [] : [evidence(process.environment.source, word)]),
            processEvidence(process),
          ],
        };
      }
  },
};

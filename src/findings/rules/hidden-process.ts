import { type Evidence, evidence, type Traced } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { lastOf } from '../settings.ts';
import { linesOfText } from '../text.ts';
import type { NodeTraces, TracedFile } from '../traces.ts';

/** So many processes may start during a look without the count of PIDs beginning anew. */
const room = 20_000;

/**
 * Lists of processes that the kernel keeps apart: the directory /proc, cgroup.procs, and whether /proc/PID answers. PIDs are given
 * out in rising order, so one below the newest of the first list was there before, unless the count began anew.
 */
export const hiddenProcess: Rule = {
  id: 'hidden-process',
  title: 'a process hides',
  explanation:
    'A cgroup counts it, or it answers when it is asked for, and the list of all processes does not have it: a rootkit takes processes off that list.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Medium and of low confidence where the node was about to begin its PIDs anew, so that the process may only be young.',
  attack: ['T1014', 'T1564.001'],
  threatMatrix: [],
  references: ['cgroups(7)', 'proc(5)', 'kernel/pid.c'],
  refutedBy:
    'The process started between two looks with a PID that was chosen (clone3(2), set_tid): a second snapshot has it in all lists.',
  next: [
    'kubectl ir snapshot node {node} --case {case}',
    'kubectl ir show {case} processes -o wide',
    'kubectl ir isolate node {node}',
  ],
  needs: ['processes', 'lists of processes'],
  *judge(traces) {
    const limit = Number(lastOf(traces, '[root]/proc/sys/kernel/pid_max')?.value ?? Number.NaN);
    for (const look of traces.files.get('live_response/process/second_look.txt') ?? []) {
      const listed = new Set(pidsOf(look));
      const newest = Math.max(0, ...listed);
      // A list that is empty or cut would make every process a hidden one.
      if (!listed.has(1)) continue;
      const seen = new Map<number, Evidence[]>();
      for (const name of ['cgroup_pids', 'answering_pids'])
        for (const other of sameLook(traces, look, name))
          for (const pid of new Set(pidsOf(other)))
            if (pid > 0 && pid < newest && !listed.has(pid))
              seen.set(pid, [...(seen.get(pid) ?? []), evidence(other.source, `${pid}`)]);
      const sure = Number.isNaN(limit) || limit - newest > room;
      for (const [pid, proofs] of [...seen].sort(([a], [b]) => a - b))
        yield {
          subject: { pid },
          seen: `${proofs.length === 2 ? 'it is counted in a cgroup and answers' : proofs[0]?.name.includes('cgroup') === true ? 'it is counted in a cgroup' : 'it answers'}, and is not in the list of ${listed.size} processes up to ${newest}`,
          evidence: [...proofs, evidence(look.source, `no line for ${pid}`)],
          ...(sure ? {} : { severity: 'medium' as const, confidence: 'low' as const }),
        };
    }
  },
};

function sameLook(traces: NodeTraces, look: Traced<TracedFile>, name: string): Traced<TracedFile>[] {
  return (traces.files.get(`live_response/process/${name}.txt`) ?? []).filter(
    ({ source }) => source.acquisition === look.source.acquisition,
  );
}

function pidsOf({ value }: Traced<TracedFile>): number[] {
  return linesOfText(value.bytes).flatMap((line) => {
    const pid = /^([0-9]{1,10})(?: |$)/.exec(line)?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
}

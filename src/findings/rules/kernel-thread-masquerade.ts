import { isKernelThread } from '../../artifacts/proc-stat.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';

const threads =
  '(?:kworker|kthreadd|ksoftirqd|kswapd|migration|rcu_[a-z]+|rcuc|rcuog|jbd2|kdevtmpfs|khugepaged|kcompactd|kblockd|kauditd|khungtaskd|oom_reaper|irq|cpuhp|idle_inject|watchdogd?|scsi_eh|md|netns|kintegrityd|writeback|bioset|crypto)';
/** As ps shows threads of the kernel: their name in brackets; and the name itself. */
const called = new RegExp(`^\\[${threads}(?:[/:_-][^\\]]*|[0-9]*)\\]`);
const named = new RegExp(`^${threads.replace('md|', '').replace('|irq|', '|').replace('|crypto', '')}[/:]`);

/** The kernel marks its threads by a flag that no process can set (PF_KTHREAD); the name anybody can take. */
export const kernelThreadMasquerade: Rule = {
  id: 'kernel-thread-masquerade',
  title: 'a process pretends to be a thread of the kernel',
  explanation:
    'It calls itself as the kernel calls its threads, and runs a program: it wants to be overlooked.',
  severity: 'high',
  confidence: 'high',
  lessWhen: 'Programs that put another text in brackets as their title are no finding.',
  attack: ['T1036.004', 'T1036.005', 'T1036.011'],
  threatMatrix: ['MS-TA9023'],
  references: ['proc_pid_stat(5)', 'include/linux/sched.h'],
  refutedBy: 'A known program takes this title; its file and sha256 say which.',
  next: ['kubectl ir show {case} processes -o wide', 'kubectl ir show {case} programs'],
  needs: ['processes'],
  *judge(traces) {
    for (const process of traces.processes) {
      const { stat, executable, arguments: words } = process;
      if (stat === undefined || executable === undefined || isKernelThread(stat)) continue;
      const title = words[0]?.toString('latin1') ?? '';
      if (!called.test(title) && !named.test(stat.comm.toString('latin1'))) continue;
      yield {
        subject: subjectOf(traces, process),
        seen: 'the kernel says that it is none of its threads',
        evidence: [processEvidence(process)],
      };
    }
  },
};

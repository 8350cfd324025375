import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** A mount over /proc/PID hides it from every tool of the node; the collector has a /proc of its own. */
export const processHiddenByMount: Rule = {
  id: 'process-hidden-by-mount',
  title: 'something is mounted over the directory of a process',
  explanation: 'It hides the process from ps and all tools of the node.',
  severity: 'critical',
  confidence: 'high',
  lessWhen: 'Nothing ordinary mounts there; what containers have over other files of /proc is no finding.',
  attack: ['T1564.013'],
  threatMatrix: [],
  references: ['proc_pid_mountinfo(5)', 'mount(8)'],
  refutedBy: 'A test of exactly this by somebody who was asked to.',
  next: ['kubectl ir show {case} mounts', 'kubectl ir show {case} processes -o wide'],
  needs: ['mount tables'],
  *judge({ mountTables }) {
    for (const { source, mounts } of mountTables.values())
      for (const { point, root, source: from, type } of mounts) {
        const pid = /^\/proc\/([0-9]{1,10})(?:\/|$)/.exec(point.toString('latin1'))?.[1];
        if (pid === undefined) continue;
        yield {
          subject: { pid: Number(pid), path: evidence(source, point).excerpt },
          seen: 'a mount covers it',
          evidence: [
            evidence(
              source,
              Buffer.concat([from, Buffer.from(` (${type}) `), root, Buffer.from(' on '), point]),
            ),
          ],
        };
      }
  },
};

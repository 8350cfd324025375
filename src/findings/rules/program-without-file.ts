import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, startingIn, subjectOf } from '../subject.ts';
import type { TracedProcess } from '../traces.ts';

const mark = ' (deleted)';

/** Programs that run from memory, or whose file is gone, by the link count of what they run and never by its name. */
export const programWithoutFile: Rule = {
  id: 'program-without-file',
  title: 'a running program has no file any more',
  explanation:
    'It was never on a disk, or deleted itself after it started: intruders do so to leave nothing to be found. The collector kept a copy.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Low: an upgrade replaces programs that run, so one of the node whose path has a program today; a copy of a program on the disk by its sha256, as runc makes of itself; what started while evidence was collected. Medium: one of the node, where the programs on its disk were not taken.',
  attack: ['T1620', 'T1027.011', 'T1070.004'],
  threatMatrix: [],
  references: ['proc_pid_exe(5)', 'memfd_create(2)', 'unlink(2)'],
  refutedBy: 'The program was upgraded and its service not restarted; its sha256 is that of a known version.',
  next: [
    'kubectl ir show {case} programs',
    'kubectl ir show {case} processes -o wide',
    'kubectl ir diff pod {pod} -n {namespace} --case {case}',
  ],
  needs: ['processes'],
  *judge(traces) {
    const known = new Map(traces.programs.map(({ value }) => [value.digest, value.path]));
    const isStarting = startingIn(traces);
    const present = new Set(traces.programs.map(({ value }) => value.path));
    for (const process of traces.processes) {
      if (!process.deleted) continue;
      const link = process.executable?.toString('latin1') ?? '';
      const path = link.endsWith(mark) ? link.slice(0, -mark.length) : link;
      const reason = ordinary(process, path, known, present, isStarting(process));
      const memory = path.startsWith('/memfd:');
      const untold = process.container.containerId === undefined && !memory && present.size === 0;
      const told = reason ?? (untold ? 'whether a program stands there again is not known' : undefined);
      yield {
        subject: {
          ...subjectOf(traces, process),
          path: evidence(process.source, Buffer.from(path, 'latin1')).excerpt,
        },
        seen: [
          memory ? 'it runs from memory' : 'its file was deleted',
          ...(told === undefined ? [] : [told]),
        ].join('; '),
        evidence: [
          processEvidence(process),
          ...(process.kept === undefined
            ? []
            : [evidence(process.kept.source, `sha256 ${process.kept.value}`)]),
        ],
        ...(told === undefined
          ? {}
          : { severity: reason === undefined ? ('medium' as const) : ('low' as const) }),
        ...(memory && reason === undefined ? { confidence: 'high' as const } : {}),
      };
    }
  },
};

function ordinary(
  { kept, container }: TracedProcess,
  path: string,
  known: ReadonlyMap<string, string>,
  present: ReadonlySet<string>,
  starting: boolean,
): string | undefined {
  if (kept !== undefined && known.has(kept.value)) return 'it is a copy of a program on the disk';
  if (starting) return 'it had just started';
  if (container.containerId === undefined && present.has(path))
    return 'a program stands there again, as after an upgrade';
  return undefined;
}

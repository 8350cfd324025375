import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { isWritableByOthers, valuesOf } from '../settings.ts';

/** Handlers that distributions install, by their whole paths. */
const usual = [
  '/usr/lib/systemd/systemd-coredump',
  '/lib/systemd/systemd-coredump',
  '/usr/share/apport/apport',
  '/usr/libexec/abrt-hook-ccpp',
  '/usr/lib/systemd/systemd-coredump-wrapper',
  '/sbin/crash_reporter',
  '/bin/false',
  '/usr/bin/false',
  '/bin/true',
];

/** The kernel runs what stands behind the bar as root, in the namespaces of the node, whenever a program crashes. */
export const coreDumpHandler: Rule = {
  id: 'core-dump-handler',
  title: 'unusual handler of core dumps',
  explanation:
    'The kernel runs it as root on the node whenever any program crashes, also one in a container: a way out of a container, and a way to stay.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Handlers of the distributions are no finding, by their whole path; another program of the system is medium. Critical is one where containers or anybody may write, or that is given a file from there.',
  attack: ['T1611', 'T1546'],
  threatMatrix: ['MS-TA9018'],
  references: ['core(5)'],
  refutedBy: 'The handler is a program that the organisation installs on all of its nodes.',
  next: ['kubectl ir show {case} files', 'kubectl ir show {case} processes -o wide'],
  needs: ['core pattern'],
  *judge(traces) {
    for (const { source, value } of valuesOf(traces, '[root]/proc/sys/kernel/core_pattern')) {
      const words = /^\|\s*(\S.*)/.exec(value)?.[1]?.split(/\s+/) ?? [];
      const [program] = words;
      if (program === undefined) continue;
      // What the program is given counts too: a shell of the system runs the script of somebody else.
      const bad =
        !program.startsWith('/') ||
        words.some((word) => word.includes('/') && isWritableByOthers(word.slice(word.indexOf('/'))));
      if (!bad && usual.includes(program)) continue;
      yield {
        subject: { path: evidence(source, Buffer.from(program, 'latin1')).excerpt },
        seen: bad
          ? 'core dumps go to a program where others may write'
          : 'core dumps go to a program that no distribution installs',
        evidence: [evidence(source, Buffer.from(value, 'latin1'))],
        ...(bad ? {} : { severity: 'medium' as const, confidence: 'low' as const }),
      };
    }
  },
};

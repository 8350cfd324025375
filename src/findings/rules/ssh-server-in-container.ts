import type { Rule } from '../rule.ts';
import { contained, onePerContainer, processEvidence, subjectOf } from '../subject.ts';

/** sshd in a container, by the file it runs or by the port on which it listens. */
export const sshServerInContainer: Rule = {
  id: 'ssh-server-in-container',
  title: 'container runs a server for remote logins',
  explanation: 'A way back in that no audit of the API sees.',
  severity: 'medium',
  confidence: 'medium',
  lessWhen: 'Images for developers and for Git come with one.',
  attack: ['T1021.004', 'T1133'],
  threatMatrix: ['MS-TA9010'],
  references: ['sshd(8)', 'proc_pid_exe(5)'],
  refutedBy: 'The image comes with it, and its Service has the port.',
  next: ['kubectl ir show {case} sockets', 'kubectl ir diff pod {pod} -n {namespace} --case {case}'],
  needs: ['processes'],
  *judge(traces) {
    const servers = contained(traces).filter(({ executable }) =>
      /\/(?:sshd|dropbear)(?: \(deleted\))?$/.test(executable?.toString('latin1') ?? ''),
    );
    for (const process of onePerContainer(servers))
      yield {
        subject: subjectOf(traces, process),
        seen: 'sshd or dropbear runs in it',
        evidence: [processEvidence(process)],
      };
  },
};

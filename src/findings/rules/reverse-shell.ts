import { type Evidence, evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { processEvidence, subjectOf } from '../subject.ts';
import { linkInode } from '../../artifacts/proc-path.ts';

/** A program whose input and output are one connection, by its open files and the table of sockets, whatever it is called. */
export const reverseShell: Rule = {
  id: 'reverse-shell',
  title: 'a program takes its input from a connection and writes its output there',
  explanation:
    'Whoever is at the other end types into it: the shape of a shell that was opened to the outside.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Services that are started for each connection look so too: medium where the connection came in to a port on which something listens.',
  attack: ['T1059.004', 'T1071'],
  threatMatrix: ['MS-TA9006'],
  references: ['proc_pid_fd(5)', 'proc_net(5)', 'inetd(8)'],
  refutedBy: 'The other end is a service of the organisation that works so.',
  next: [
    'kubectl ir show {case} sockets',
    'kubectl ir show {case} processes -o wide',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'open files', 'sockets'],
  *judge(traces) {
    const byInode = new Map(
      traces.sockets.flatMap((socket) =>
        'remotePort' in socket.value && socket.value.remotePort > 0
          ? [[socket.value.inode, socket] as const]
          : [],
      ),
    );
    const listening = new Set(
      traces.sockets.flatMap(({ value }) =>
        'remotePort' in value && value.state === 'LISTEN'
          ? [`${value.namespace ?? ''} ${value.localPort}`]
          : [],
      ),
    );
    for (const process of traces.processes) {
      const [socket, output] = [0, 1].map((number) => {
        const link = process.descriptors.get(number);
        return byInode.get((link === undefined ? undefined : linkInode(link.value, 'socket')) ?? -1);
      });
      // Two connections are as good as one: who types reads the answer beside it.
      if (socket === undefined || output === undefined || !('remotePort' in socket.value)) continue;
      const { localAddress, localPort, remoteAddress, remotePort, state, namespace } = socket.value;
      if (/^(?:127\.|::1$|::ffff:127\.)/.test(remoteAddress)) continue;
      const came = listening.has(`${namespace ?? ''} ${localPort}`);
      const proofs: Evidence[] = [
        evidence(socket.source, `${localAddress}:${localPort} -> ${remoteAddress}:${remotePort} ${state}`),
        processEvidence(process),
      ];
      const link = process.descriptors.get(0);
      yield {
        subject: subjectOf(traces, process),
        seen: came
          ? `served to ${remoteAddress}:${remotePort}, which connected to port ${localPort}`
          : `open to ${remoteAddress}:${remotePort}`,
        severity: came ? 'medium' : 'critical',
        evidence: [
          ...proofs,
          ...(link === undefined
            ? []
            : [
                evidence(
                  link.source,
                  Buffer.concat([Buffer.from(socket === output ? 'fd 0 and 1 -> ' : 'fd 0 -> '), link.value]),
                ),
              ]),
        ],
        ...(came ? { confidence: 'low' as const } : {}),
      };
    }
  },
};

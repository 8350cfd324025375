import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Listening sockets (proc_net(5)) against the open files of all processes. */
export const listenerWithoutProcess: Rule = {
  id: 'listener-without-process',
  title: 'something listens, and no process holds the socket',
  explanation:
    'Every listening socket is an open file of a process, but for those of the kernel: one without belongs to a process that is hidden, or to a module.',
  severity: 'medium',
  confidence: 'low',
  lessWhen:
    'It never weighs more: services of the kernel (NFS, iSCSI, file systems of clusters) listen without a process, and a process may end between the two looks.',
  attack: ['T1014', 'T1564.001'],
  threatMatrix: [],
  references: ['proc_net(5)', 'proc_pid_fd(5)', 'net/socket.c sock_create_kern'],
  refutedBy:
    'The node has a service of the kernel on this port, or a second snapshot does not see the socket.',
  next: [
    'kubectl ir snapshot node {node} --case {case}',
    'kubectl ir show {case} sockets -o wide',
    'kubectl ir show {case} modules',
  ],
  needs: ['processes', 'open files', 'sockets'],
  *judge({ sockets, processes }) {
    const ofNode = new Set(processes.filter(({ pid }) => pid === 1).flatMap(({ looks }) => [...looks]));
    const told = new Set<string>();
    for (const { source, value } of sockets) {
      if (!('remotePort' in value) || value.state !== 'LISTEN') continue;
      // A port that is listened at has a file; what is being closed has inode 0.
      if (value.inode === 0 || value.holders.length > 0) continue;
      // Of a pod in the network of its node the tables are those of the node, and the processes its own alone.
      if (source.name.startsWith('[root]/proc/net/') && !ofNode.has(source.acquisition)) continue;
      const place = `${value.localAddress}:${value.localPort}`;
      const key = `${source.acquisition} ${value.namespace ?? ''} ${value.inode}`;
      if (told.has(key)) continue;
      told.add(key);
      yield {
        subject: {},
        seen: `listens at ${place}`,
        evidence: [
          evidence(
            source,
            `${value.family} ${place} LISTEN, inode ${value.inode}, network namespace ${value.namespace ?? 'not known'}`,
          ),
        ],
      };
    }
  },
};

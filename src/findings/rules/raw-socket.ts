import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { holderOf, processEvidence, subjectOf } from '../subject.ts';
import { anybodys } from '../telling.ts';
import type { TracedProcess } from '../traces.ts';

/** What ping uses: IPPROTO_ICMP and IPPROTO_ICMPV6 of include/uapi/linux/in.h and in6.h. */
const echo = new Set([1, 58]);
/** IPPROTO_RAW: it only sends, whole packets of its own making. */
const sendsOnly = 255;

/** Raw sockets (raw(7)), by the processes that hold them. */
export const rawSocket: Rule = {
  id: 'raw-socket',
  title: 'process sends or reads packets past the ports',
  explanation:
    'A raw socket sees packets of its protocol whatever port they are for, and can send some with forged senders: for tunnels, scans, floods, or to wait for a secret knock.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'High is one whose program has no file or lies where anybody may write. Else medium in a container, and low there for ICMP alone, as ping has it. Of other programs of the node it is no finding: routing daemons and those that fail over addresses have such sockets.',
  agents: true,
  attack: ['T1095', 'T1205', 'T1498'],
  threatMatrix: ['MS-TA9034'],
  references: ['raw(7)', 'net/ipv4/raw.c'],
  refutedBy: 'The workload measures or balances the network, and its owner knows of it.',
  next: ['kubectl ir show {case} sockets -o wide', 'kubectl ir show {case} processes -o wide'],
  needs: ['processes', 'raw sockets'],
  *judge(traces) {
    const told = new Set<string>();
    for (const { source, value } of traces.sockets) {
      if (value.family !== 'raw' && value.family !== 'raw6') continue;
      const { localPort: protocol, inode } = value;
      for (const holder of value.holders) {
        const process = holderOf(traces, holder);
        if (process === undefined || told.has(`${process.pid} ${protocol}`)) continue;
        told.add(`${process.pid} ${protocol}`);
        const odd = isOdd(process);
        if (!odd && process.container.containerId === undefined) continue;
        yield {
          subject: subjectOf(traces, process),
          seen:
            protocol === sendsOnly
              ? 'can send packets with any sender'
              : `sees all packets of protocol ${protocol} that its network gets`,
          severity: odd ? 'high' : echo.has(protocol) ? 'low' : 'medium',
          evidence: [
            evidence(source, `${value.family} socket, protocol ${protocol}, inode ${inode}`),
            processEvidence(process),
          ],
        };
      }
    }
  },
};

function isOdd({ deleted, executable }: TracedProcess): boolean {
  return deleted || anybodys.test(executable?.toString('latin1') ?? '');
}

import { evidence } from '../finding.ts';
import { anybodys } from '../telling.ts';
import type { Rule } from '../rule.ts';
import { holderOf, processEvidence, subjectOf } from '../subject.ts';

/** ETH_P_ALL and ETH_P_IP of include/uapi/linux/if_ether.h. */
const protocols: Readonly<Record<number, string>> = { 3: 'every packet', 0x0800: 'every IPv4 packet' };

/** Packet sockets, by the processes that hold them: a sniffer, or a backdoor that waits for a packet. */
export const packetCapture: Rule = {
  id: 'packet-capture',
  title: 'process sees the packets of others',
  explanation:
    'It reads the network below the firewall: to steal what is said in the clear, or to wait for a secret knock as BPFDoor does.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'DHCP clients and network agents do so too. Critical is one whose program has no file or lies where anybody may write; medium one in a container, low one of the node.',
  agents: true,
  attack: ['T1040', 'T1205.002'],
  threatMatrix: ['MS-TA9034'],
  references: ['packet(7)', 'net/packet/af_packet.c'],
  refutedBy: 'Somebody captured packets on purpose at that time.',
  next: ['kubectl ir show {case} sockets -o wide', 'kubectl ir show {case} processes -o wide'],
  needs: ['processes', 'packet sockets'],
  *judge(traces) {
    const told = new Set<number>();
    for (const { source, value } of traces.sockets) {
      if (value.family !== 'packet') continue;
      const what = protocols[value.protocol];
      if (what === undefined) continue;
      for (const holder of value.holders) {
        const process = holderOf(traces, holder);
        if (process === undefined || told.has(process.pid)) continue;
        told.add(process.pid);
        const program = process.executable?.toString('latin1') ?? '';
        const odd =
          process.deleted || anybodys.test(program) || /^\/(?:tmp|var\/tmp|dev\/shm)\//.test(program);
        const inside = process.container.containerId !== undefined;
        yield {
          subject: subjectOf(traces, process),
          seen: `holds a socket that sees ${what} of its network`,
          severity: odd ? 'critical' : inside ? 'medium' : 'low',
          evidence: [
            evidence(source, `packet socket, protocol ${value.protocol}, inode ${value.inode}`),
            processEvidence(process),
          ],
        };
      }
    }
  },
};

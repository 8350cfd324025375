import { BlockList, isIP } from 'node:net';
import { evidence, type Match } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { contained, knownOf, processEvidence, subjectOf } from '../subject.ts';
import type { NodeTraces, TracedProcess } from '../traces.ts';

/** Schemes of the addresses of mining pools, as miners take them on their command lines. */
const poolAddress = /\bstratum[12]?(?:\+(?:tcp|tcps|ssl|tls|udp|ws|wss))?:\/\//i;
/** A process that has run for less tells nothing by its share. */
const leastLifetime = 600;
/** Of one processor, or of what it may use where that is less. */
const leastShare = 0.85;
/** Half of the world's services are behind these. */
const ofTheWeb = new Set([80, 443]);
const ticksPerSecond = 100;

/** Mining takes all processor time that there is, all the time, and sends what it finds to somebody outside. */
export const miner: Rule = {
  id: 'miner',
  title: 'container works like a miner',
  explanation:
    'Its process was given the address of a mining pool, or has used a whole processor, or all that its container may use, ever since it started, and holds a connection to somewhere outside of the cluster.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'Medium and of low confidence without the address of a pool on the command line: what computes for somebody outside looks alike. Low where the connection goes to a port of the web. Work without a connection outside is no finding, nor are processes younger than ten minutes.',
  attack: ['T1496.001'],
  threatMatrix: ['MS-TA9039'],
  references: ['proc_pid_stat(5)', 'proc_net(5)', 'Stratum mining protocol'],
  refutedBy: 'The workload computes and its owner knows the address that it talks to.',
  next: [
    'kubectl ir show {case} processes -o wide',
    'kubectl ir show {case} sockets',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'sockets'],
  *judge(traces) {
    for (const process of contained(traces)) {
      const match = byAddress(traces, process) ?? byWork(traces, process);
      if (match !== undefined) yield match;
    }
  },
};

function byAddress(traces: NodeTraces, process: TracedProcess): Match | undefined {
  if (!process.arguments.some((word) => poolAddress.test(word.toString('latin1')))) return undefined;
  return {
    subject: subjectOf(traces, process),
    seen: 'its command line has the address of a mining pool',
    evidence: [processEvidence(process)],
  };
}

function byWork(traces: NodeTraces, process: TracedProcess): Match | undefined {
  const { lifetime = 0, stat } = process;
  if (stat === undefined || lifetime < leastLifetime) return undefined;
  const used = (stat.utime + stat.stime) / ticksPerSecond / lifetime;
  const limit = knownOf(traces, process).spec?.value.processors;
  if (used < leastShare * Math.min(limit ?? 1, 1)) return undefined;
  for (const { source, value } of traces.sockets) {
    if (!('remotePort' in value) || value.state !== 'ESTABLISHED' || !process.sockets.has(value.inode))
      continue;
    if (value.remotePort === 0 || !isOutside(traces, value.remoteAddress)) continue;
    const most = limit === undefined ? 'no limit' : `a limit of ${limit.toFixed(2)}`;
    return {
      subject: subjectOf(traces, process),
      seen: `${used.toFixed(2)} processors for ${Math.floor(lifetime / 60)} minutes, with ${most}, and a connection outside of the cluster`,
      severity: ofTheWeb.has(value.remotePort) ? 'low' : 'medium',
      confidence: 'low',
      evidence: [
        processEvidence(process),
        evidence(
          process.source,
          `utime ${stat.utime} stime ${stat.stime} ticks, started at tick ${stat.startTicks}`,
        ),
        evidence(
          source,
          `${value.localAddress}:${value.localPort} -> ${value.remoteAddress}:${value.remotePort} ${value.state}`,
        ),
      ],
    };
  }
  return undefined;
}

/** Networks that are no part of the internet: RFC 6890 and RFC 4193. */
function inside(): BlockList {
  const list = new BlockList();
  for (const [network, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ] as const)
    list.addSubnet(network, bits, 'ipv4');
  for (const [network, bits] of [
    ['::', 127],
    ['fc00::', 7],
    ['fe80::', 10],
  ] as const)
    list.addSubnet(network, bits, 'ipv6');
  return list;
}

/** Not of a private network, and of no pod that is known: clusters may use public addresses for pods. */
function isOutside({ pods = [] }: NodeTraces, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=[0-9.]+$)/, '');
  const version = isIP(plain);
  if (version === 0 || pods.some(({ value }) => value.address === plain)) return false;
  return !inside().check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

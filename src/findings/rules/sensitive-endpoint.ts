import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { holderOf, processEvidence, sameNamespace, subjectOf } from '../subject.ts';

const ports: Readonly<Record<number, string>> = {
  10250: 'a kubelet',
  10255: 'the read-only port of a kubelet',
  2379: 'etcd',
  2380: 'etcd',
};
const metadata = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  'fd00:ec2::254',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
];

/** Connections of pods to what gives away credentials: metadata of the cloud, kubelets, etcd. */
export const sensitiveEndpoint: Rule = {
  id: 'sensitive-endpoint',
  title: 'pod talks to the metadata service, a kubelet or etcd',
  explanation:
    'The metadata service hands out the credentials of the node, a kubelet runs commands in every pod of its node, etcd holds every Secret.',
  severity: 'medium',
  confidence: 'medium',
  lessWhen:
    'Programs that know their cloud, and those that gather metrics, do the same every day; pods in the network of the node are left out.',
  agents: true,
  attack: ['T1552.005', 'T1613', 'T1046'],
  threatMatrix: ['MS-TA9003', 'MS-TA9033', 'MS-TA9028', 'MS-TA9030'],
  references: ['proc_net(5)'],
  refutedBy: 'The pod gathers metrics, or uses the identity of its node on purpose.',
  next: ['kubectl ir show {case} sockets', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'first process', 'sockets'],
  *judge(traces) {
    const told = new Set<string>();
    for (const { source, value } of traces.sockets) {
      if (!('remotePort' in value) || value.remotePort === 0) continue;
      const what = metadata.includes(value.remoteAddress) ? 'the metadata service' : ports[value.remotePort];
      const process = what === undefined ? undefined : holderOf(traces, value.holders[0]);
      if (what === undefined || process?.container.containerId === undefined) continue;
      if (sameNamespace(process, traces.host, 'net') !== false || value.state === 'LISTEN') continue;
      const key = `${process.container.containerId} ${what}`;
      if (told.has(key)) continue;
      told.add(key);
      yield {
        subject: subjectOf(traces, process),
        seen: `connected to ${what}`,
        evidence: [
          evidence(
            source,
            `${value.localAddress}:${value.localPort} -> ${value.remoteAddress}:${value.remotePort} ${value.state}`,
          ),
          processEvidence(process),
        ],
      };
    }
  },
};

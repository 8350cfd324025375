import type { CallResult, Collector } from '../../src/collector/collector.ts';

/** A call of a script that a fake node saw. */
export interface Call {
  readonly script: string;
  readonly args: readonly string[];
  readonly input: string;
}

/** A collector whose scripts are answered by a function; what it does not answer succeeds silently. */
export function fakeNode(
  tools: readonly string[],
  answer: (call: Call) => Partial<CallResult> | undefined,
): { collector: Collector; calls: Call[] } {
  const calls: Call[] = [];
  const collector: Collector = {
    identity: {
      namespace: 'kubectl-ir',
      pod: 'ir-collector-x',
      uid: '',
      node: 'node-a',
      image: 'registry.example/collector:1',
      imageID: '',
      containerID: '',
      created: '',
      recursiveReadOnly: true,
      writableMounts: 0,
      changedByServer: [],
    },
    tools: new Set(tools),
    collect: () => Promise.reject(new Error('not used here')),
    call: async (script, args, options) => {
      const input = await (options.input ?? Buffer.alloc(0));
      options.signal.throwIfAborted();
      const call = {
        script: typeof script === 'string' ? script : script.name,
        args,
        input: Buffer.from(input).toString(),
      };
      calls.push(call);
      return { exitCode: 0, stdout: Buffer.alloc(0), stderr: '', ...answer(call) };
    },
    stop: () => Promise.resolve(),
  };
  return { collector, calls };
}

const links = `== pod-links
1: lo: <UP>
2: eth0@if7: <UP>
== node-links
2: cni0: <UP> link/ether 0a:58:0a:f4:02:01
7: veth9bd0b104@if2: <UP> master cni0 link/ether 0e:00:00:00:00:01
== bridges
cni0`;

/** What pod-link.sh prints of a pod with one ordinary link. */
export const ordinaryLink = Buffer.from(`== process
4242 net:[4026532741]
== pod-addresses
2: eth0    inet 10.244.1.7/24 scope global eth0
2: eth0    inet6 fe80::7/64 scope link
${links}
== node-addresses
2: cni0    inet 10.244.2.1/24 scope global cni0
2: cni0    inet6 fe80::1/64 scope link
== route
10.244.1.7 dev cni0 src 10.244.2.1
== egress
`);

const flowsOfPod = [
  { pod: 5000, peer: 443 },
  { pod: 9100, peer: 6000 },
];

/** One counting set of `nft -j`: a TCP flow out and one into port 9100, with so many packets each. */
function countingSet(stage: 'tried' | 'passed', direction: 'from' | 'to', packets: number): unknown {
  const [pod, peer] = ['10.244.1.7', '10.9.9.9'];
  const elem = flowsOfPod.map((ports) => ({
    elem: {
      val: {
        concat:
          direction === 'from'
            ? [pod, 'tcp', ports.pod, peer, ports.peer]
            : [peer, 'tcp', ports.peer, pod, ports.pod],
      },
      counter: { packets, bytes: packets * 60 },
    },
  }));
  return { set: { name: `${stage}-${direction}-4`, elem } };
}

function chainText(hook: string): string {
  return `    type filter hook ${hook} device "veth9bd0b104" priority -500; policy drop;`;
}

/**
 * What flows.sh prints: both flows with so many packets each way, tried and passed, and the numbers of tries that were
 * answered. When nothing passed, what the pod sent did not get as far as its link.
 */
export function flowsOutput(tried: number, passed: number, answered: readonly number[]): Buffer {
  const table = (...sets: unknown[]): string => JSON.stringify({ nftables: sets });
  const arrived = [countingSet('tried', 'from', tried), countingSet('passed', 'from', passed)];
  const link = [countingSet('tried', 'to', tried), countingSet('passed', 'to', passed)];
  const listening =
    '   0: 00000000:238C 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1 0 100 0 0 10 0';
  return Buffer.from(
    [
      `== tcp\n  sl  local_address rem_address st\n${listening}`,
      `== devices-before\n0 0`,
      `== link-netdev-before\n${table()}`,
      `== inside-netdev-before\n${table()}`,
      `== devices\n0 0`,
      links,
      `== link-netdev\n${passed === 0 ? table(link[0]) : table(...link, ...arrived)}`,
      `== inside-netdev\n${table(countingSet('tried', 'from', tried))}`,
      ...['== cut-netdev', ...['ingress', 'egress'].map(chainText)],
      `== answers\n${answered.map((number) => `${number} connected`).join('\n')}\n`,
    ].join('\n'),
  );
}

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
    call: (script, args, options) => {
      options.signal.throwIfAborted();
      const call = {
        script: typeof script === 'string' ? script : script.name,
        args,
        input: Buffer.from(options.input ?? []).toString(),
      };
      calls.push(call);
      return Promise.resolve({ exitCode: 0, stdout: Buffer.alloc(0), stderr: '', ...answer(call) });
    },
    stop: () => Promise.resolve(),
  };
  return { collector, calls };
}

/** What pod-link.sh prints of a pod with one ordinary link. */
export const ordinaryLink = Buffer.from(`== process
4242 net:[4026532741]
== pod-links
1: lo: <LOOPBACK,UP> mtu 65536
2: eth0@if7: <BROADCAST,UP> mtu 1500
== node-links
7: veth9bd0b104@if2: <BROADCAST,UP> mtu 1500
== node-addresses
2: cni0    inet 10.244.2.1/24 scope global cni0
`);

/** What flows.sh prints: one TCP flow with so many packets tried and passed, and the numbers of tries that connected. */
export function flowsOutput(tried: number, passed: number, connected: readonly number[]): Buffer {
  const element = (packets: number, from: string, to: string, ports: readonly number[]): unknown => ({
    elem: {
      val: { concat: [from, 'tcp', ports[0], to, ports[1]] },
      counter: { packets, bytes: packets * 60 },
    },
  });
  const sides = (stage: string, packets: number): unknown[] =>
    packets === 0
      ? []
      : [
          {
            set: { name: `${stage}-from-4`, elem: [element(packets, '10.244.1.7', '10.9.9.9', [5000, 443])] },
          },
          { set: { name: `${stage}-to-4`, elem: [element(packets, '10.9.9.9', '10.244.1.7', [443, 5000])] } },
        ];
  const table = JSON.stringify({ nftables: [...sides('tried', tried), ...sides('passed', passed)] });
  return Buffer.from(`== tcp\n== counters\n${table}\n== connected\n${connected.join('\n')}\n`);
}

import { expect } from 'chai';
import { type Counters, type Flow, flowKey } from '../../src/containment/counters.ts';
import { judge, type JudgeInput, judgementText } from '../../src/containment/judge.ts';
import type { Try } from '../../src/containment/tries.ts';

type Seen = readonly (readonly [Flow, from: number, to: number])[];

const tcp: Flow = {
  protocol: 'tcp',
  podAddress: '10.0.0.2',
  podPort: 5000,
  peerAddress: '10.9.9.9',
  peerPort: 443,
};
const udp: Flow = { ...tcp, protocol: 'udp', podPort: 6000 };
const tries: Try[] = [
  { side: 'from', address: '10.96.0.1', port: 443, what: 'API server', probe: false },
  { side: 'to', address: '10.0.0.2', port: 8080, what: 'probe from its node', probe: true },
];

function counters(tried: Seen, passed: Seen, others: Record<string, number> = {}): Counters {
  const stage = (seen: Seen): Counters['tried'] => ({
    flows: new Map(
      seen.map(([flow, from, to]) => [
        flowKey(flow),
        { flow, from: { packets: from, bytes: from * 60 }, to: { packets: to, bytes: to * 60 } },
      ]),
    ),
    others: new Map(),
  });
  const rest = new Map(Object.entries(others).map(([name, packets]) => [name, { packets, bytes: packets }]));
  return { tried: stage(tried), passed: { ...stage(passed), others: rest } };
}

function input(before: Seen, tried: Seen, passed: Seen, changes: Partial<JudgeInput> = {}): JudgeInput {
  return {
    before: { seconds: 1, counters: counters(before, before), connected: [true, true] },
    after: { seconds: 1, counters: counters(tried, passed), connected: [false, true] },
    tries,
    own: () => false,
    cut: true,
    limits: [],
    listening: [],
    size: String,
    ...changes,
  };
}

describe('judge', () => {
  it('HOLDS when what worked was tried again and nothing passed', () => {
    const result = judge(
      input(
        [
          [tcp, 5, 5],
          [udp, 5, 0],
        ],
        [
          [tcp, 2, 0],
          [udp, 5, 0],
        ],
        [],
      ),
    );
    expect(result.verdict).to.equal('HOLDS');
    expect(judgementText(result)).to.equal('3 of 3 flows that worked are blocked');
  });

  it('LEAKS when one flow of two passes, and names it', () => {
    const result = judge(
      input(
        [
          [tcp, 5, 5],
          [udp, 5, 0],
        ],
        [
          [tcp, 2, 0],
          [udp, 5, 0],
        ],
        [[udp, 3, 0]],
      ),
    );
    expect(result.verdict).to.equal('LEAKS');
    expect(result.leaks.map((leak) => [leak.flow, leak.seen])).to.deep.equal([
      ['udp 10.0.0.2:6000 -> 10.9.9.9:443', '180 in 1s'],
    ]);
  });

  it('LEAKS for a flow that began after the cut, for another protocol, and for a new connection of ours', () => {
    expect(judge(input([], [[tcp, 1, 1]], [[tcp, 1, 1]])).verdict).to.equal('LEAKS');
    const ping = input([], [], [], {
      after: { seconds: 1, counters: counters([], [], { icmp: 2 }), connected: [false, true] },
    });
    expect(judge(ping).leaks[0]?.flow).to.equal('icmp');
    const open = input([], [], [], {
      after: { seconds: 1, counters: counters([], []), connected: [true, true] },
    });
    expect(judge(open).leaks[0]?.flow).to.equal('new tcp pod -> API server 10.96.0.1:443');
  });

  it('says of a leak beside a policy alone what our own new connections show', () => {
    const flow: Seen = [[tcp, 5, 5]];
    const why = (connected: boolean, before: Seen = flow, worked = true): string | undefined =>
      judge(
        input(before, flow, flow, {
          cut: false,
          before: { seconds: 1, counters: counters(before, before), connected: [worked, true] },
          after: { seconds: 1, counters: counters(flow, flow), connected: [connected, true] },
        }),
      ).leaks[0]?.why;
    expect(why(true)).to.equal('nothing enforces the policy on it');
    expect(why(false)).to.equal('it was open before the policy, which stops only new connections');
    expect(why(false, [])).to.equal('the policy does not stop it');
    expect(why(false, flow, false)).to.equal('the policy does not stop it');
  });

  it('does not judge what never worked or fell silent by itself', () => {
    const never: Flow = { ...tcp, podPort: 5001 };
    const result = judge(
      input(
        [
          [tcp, 5, 5],
          [never, 3, 0],
        ],
        [[never, 1, 0]],
        [],
      ),
    );
    expect(result.checks.slice(0, 2).map((check) => [check.before, check.after, check.judged])).to.deep.equal(
      [
        ['works', 'silent', false],
        ['fails', 'fails', false],
      ],
    );
    expect(judgementText(result)).to.equal(
      '1 of 1 flows that worked are blocked; 2 never worked or fell silent, not judged',
    );
  });

  it('is UNVERIFIED when nothing worked before, nothing is cut, nothing was counted or a link is out of reach', () => {
    const quiet = { seconds: 1, counters: counters([], []), connected: [false, true] };
    expect(judge(input([], [], [], { before: quiet, after: quiet })).verdict).to.equal('UNVERIFIED');
    expect(judge(input([[tcp, 1, 1]], [[tcp, 1, 0]], [], { cut: false })).verdict).to.equal('UNVERIFIED');
    expect(judge(input([[tcp, 1, 1]], [[tcp, 1, 0]], [], { limits: ['link net1'] })).reasons).to.deep.equal([
      'link net1',
    ]);
    const blind = { seconds: 1, connected: [false, true] };
    expect(judge(input([], [], [], { after: blind })).verdict).to.equal('UNVERIFIED');
  });

  it('does not count its own tries as flows, nor the kubelet as a leak', () => {
    const result = judge(input([[tcp, 1, 1]], [[tcp, 1, 1]], [[tcp, 1, 1]], { own: () => true }));
    expect(result.verdict).to.equal('HOLDS');
    expect(result.checks.at(-1)).to.deep.include({ before: 'works', after: 'works', judged: false });
  });

  it('writes a flow that the other side opened the other way round', () => {
    const result = judge(input([[tcp, 1, 1]], [[tcp, 1, 0]], [], { listening: [5000] }));
    expect(result.checks[0]?.flow).to.equal('tcp 10.9.9.9:443 -> 10.0.0.2:5000');
  });
});

import { expect } from 'chai';
import type { InetSocket } from '../../src/artifacts/net-inet.ts';
import { type CheckInput, checksOf } from '../../src/containment/checks.ts';
import type { Flow } from '../../src/containment/counters.ts';
import type { Try } from '../../src/containment/tries.ts';
import { counters, datagrams, incoming, outgoing, reading, type Seen, someTries } from './readings-lab.ts';

const states = (input: CheckInput): unknown[] =>
  checksOf(input).map(({ check }) => [check.flow, check.before, check.after, check.judged]);
const common = {
  ...{ tries: [], sources: { node: ['10.0.0.11'], probers: {} }, listening: [8080] },
  cut: 'nft full',
} as const;

describe('checksOf', () => {
  const flows = (before: Seen, tried: Seen, passed: Seen): CheckInput => ({
    ...common,
    before: reading(counters(before, before), []),
    after: reading(counters(tried, passed), []),
  });

  it('judges flows that worked and were tried again, and says who opened them', () => {
    const seen: Seen = [
      [outgoing, 5, 5],
      [datagrams, 5, 0],
      [incoming, 5, 5],
    ];
    const input = flows(seen, [[outgoing, 2, 0]], [[incoming, 0, 1]]);
    expect(states(input)).to.deep.equal([
      ['tcp 10.0.0.2:5000 -> 10.9.9.9:443', 'works', 'fails', true],
      ['udp 10.0.0.2:6000 -> 10.9.9.9:443', 'works', 'silent', false],
      ['tcp 10.9.9.8:50000 -> 10.0.0.2:8080', 'works', 'works', true],
    ]);
    expect(checksOf(input).map(({ check }) => check.direction)).to.deep.equal(['out', 'out', 'in']);
  });

  it('never judges a flow that did not work before', () => {
    const never: Flow = { ...outgoing, podPort: 5001 };
    expect(states(flows([[never, 3, 0]], [[never, 1, 0]], []))).to.deep.equal([
      ['tcp 10.0.0.2:5001 -> 10.9.9.9:443', 'fails', 'fails', false],
    ]);
  });

  it('never takes what was only tried before for working, as when the link was cut already', () => {
    const seen: Seen = [
      [outgoing, 5, 5],
      [datagrams, 5, 5],
    ];
    const cut = { ...flows([], seen, []), before: reading(counters(seen, []), []) };
    expect(checksOf(cut).filter(({ check }) => check.judged)).to.deep.equal([]);
  });

  it('sees in the pod what a layer there keeps from the link', () => {
    const input = flows([[outgoing, 5, 5]], [], []);
    const after = reading(counters([], []), [], counters([[outgoing, 2, 0]], []));
    expect(states({ ...input, after })).to.deep.equal([
      ['tcp 10.0.0.2:5000 -> 10.9.9.9:443', 'works', 'fails', true],
    ]);
  });

  it('tells other protocols by their names', () => {
    const before = reading(counters([], [], { passed: { icmp: 4 } }), []);
    const after = reading(counters([], [], { tried: { icmp: 2 }, passed: { 'ether 35020': 1 } }), []);
    expect(states({ ...common, before, after })).to.deep.equal([
      ['icmp', 'works', 'fails', true],
      ['ether 35020', 'silent', 'works', false],
    ]);
  });
});

describe('checksOf tries', () => {
  const [out, probe] = someTries as [Try, Try];
  const own: Flow = { ...outgoing, peerAddress: '10.96.0.1' };

  it('takes an answer for working and a flow of ours on the link for reaching', () => {
    const input: CheckInput = {
      ...common,
      tries: someTries,
      before: reading(counters([[own, 1, 1]], [[own, 1, 1]]), [0, 1]),
      after: reading(counters([[own, 3, 0]], []), [1]),
    };
    expect(states(input)).to.deep.equal([
      ['new tcp pod -> API server 10.96.0.1:443', 'works', 'fails', true],
      ['probe new tcp probe from its node -> pod 10.0.0.2:8080', 'works', 'works', false],
    ]);
    expect(checksOf(input)[0]?.reached).to.equal(3);
    const passing = { ...input, after: reading(counters([], [[own, 3, 0]]), []) };
    expect(checksOf(passing)[0]).to.deep.include({ passed: { packets: 3, bytes: 180 } });
    expect(checksOf(passing)[0]?.check.after).to.equal('works');
  });

  it('does not take for working what only begins, where the link is open and a policy may stop it behind', () => {
    const input = (passed: Seen, answered: readonly number[]): CheckInput => ({
      ...common,
      cut: undefined,
      tries: [out],
      before: reading(counters([], [[own, 1, 1]]), [0]),
      after: reading(counters([], passed), answered),
    });
    const after = (passed: Seen, answered: readonly number[]): unknown =>
      checksOf(input(passed, answered)).map(({ check }) => check.after);
    expect(after([[own, 3, 0]], [])).to.deep.equal(['fails']);
    expect(after([[own, 3, 3]], [0])).to.deep.equal(['works']);
    const others: Seen = [
      [own, 1, 0],
      [outgoing, 1, 0],
      [datagrams, 1, 0],
      [incoming, 2, 2],
    ];
    expect(after(others, [])).to.deep.equal(['fails', 'works', 'works', 'fails']);
  });

  it('leaves out the answer to a probe that was under way when counting began, and nothing else of that port', () => {
    const fromNode: Flow = { ...incoming, peerAddress: '10.0.0.11' };
    const socket: InetSocket = {
      ...{ localAddress: '10.0.0.2', localPort: 8080, remoteAddress: '10.0.0.11' },
      ...{ remotePort: fromNode.peerPort, state: 'TIME_WAIT', uid: 0, inode: 0 },
    };
    const input = (flow: Flow, sockets: readonly InetSocket[], asked = 0): CheckInput => ({
      ...common,
      tries: someTries,
      before: { ...reading(counters([], []), [1]), sockets },
      after: reading(counters([[flow, 1, asked]], [[flow, 1, asked]]), [1]),
    });
    const leaking = (flow: Flow, sockets: readonly InetSocket[], asked = 0): unknown[] =>
      checksOf(input(flow, sockets, asked)).flatMap(({ check }) =>
        check.probe !== true && check.after === 'works' ? [check.flow] : [],
      );
    expect(leaking(fromNode, [socket])).to.deep.equal([]);
    expect(leaking(fromNode, [])).to.deep.equal(['tcp 10.0.0.11:50000 -> 10.0.0.2:8080']);
    // What a node port leads there is not marked by the node.
    expect(leaking(fromNode, [socket], 1)).to.deep.equal(['tcp 10.0.0.11:50000 -> 10.0.0.2:8080']);
    const other: Flow = { ...fromNode, podPort: 9090 };
    expect(leaking(other, [{ ...socket, localPort: 9090 }])).to.deep.equal([
      'tcp 10.0.0.2:9090 -> 10.0.0.11:50000',
    ]);
    expect(leaking(incoming, [socket])).to.deep.equal(['tcp 10.9.9.8:50000 -> 10.0.0.2:8080']);
  });

  it('judges no try that could not be made again', () => {
    const direct: Try = { ...probe, from: 'near', what: 'direct', probe: false };
    const input: CheckInput = {
      ...common,
      tries: [direct],
      before: reading(counters([], []), [0]),
      after: { ...reading(counters([], []), []), untried: ['near'] },
    };
    expect(states(input)).to.deep.equal([['new tcp direct -> pod 10.0.0.2:8080', 'works', 'silent', false]]);
  });

  it('asks the link whether it was the pod that answered behind a Service', () => {
    const probers = { near: { node: 'node-a', addresses: ['10.0.0.3'] } };
    const direct: Try = { ...probe, from: 'near', what: 'direct', probe: false };
    const service: Try = {
      ...direct,
      address: '10.96.0.6',
      port: 80,
      what: 'service',
      through: { way: 'service', podPort: 8080 },
    };
    const nodePort: Try = { ...service, address: '10.0.0.11', through: { way: 'node port', podPort: 8080 } };
    const from = (peerAddress: string, peerPort: number): Flow => ({ ...incoming, peerAddress, peerPort });
    const before = (...seen: Flow[]): CheckInput => {
      const rows: Seen = seen.map((flow) => [flow, 1, 1]);
      return {
        ...common,
        tries: [direct, service, nodePort],
        sources: { node: ['10.0.0.11'], probers },
        before: reading(counters(rows, rows), [0, 1, 2]),
        after: reading(counters([], []), [1, 2]),
      };
    };
    const works = (input: CheckInput): unknown[] => checksOf(input).map(({ check }) => check.before);
    expect(works(before(from('10.0.0.3', 1)))).to.deep.equal(['works', 'fails', 'fails']);
    expect(works(before(from('10.0.0.3', 1), from('10.0.0.3', 2)))).to.deep.equal([
      'works',
      'works',
      'fails',
    ]);
    const all = before(from('10.0.0.3', 1), from('10.0.0.3', 2), from('10.0.0.11', 3));
    expect(works(all)).to.deep.equal(['works', 'works', 'works']);
    expect(checksOf(all).map(({ check }) => check.after)).to.deep.equal(['fails', 'fails', 'fails']);
  });

  it('makes no check twice of a try and its flow', () => {
    const seen: Seen = [[own, 1, 1]];
    const input = { ...common, tries: [out], before: reading(counters(seen, seen), [0]) };
    expect(checksOf({ ...input, after: reading(counters([], []), []) })).to.have.length(1);
  });
});

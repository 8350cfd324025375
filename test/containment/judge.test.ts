import { expect } from 'chai';
import type { InetSocket } from '../../src/artifacts/net-inet.ts';
import { judge, type JudgeInput, judgementText } from '../../src/containment/judge.ts';
import type { Reading } from '../../src/containment/reading.ts';
import { counters, datagrams, incoming, outgoing, reading, type Seen, someTries } from './readings-lab.ts';

const working: Seen = [
  [outgoing, 5, 5],
  [incoming, 5, 5],
];

function input(tried: Seen, passed: Seen, changes: Partial<JudgeInput> = {}, before = working): JudgeInput {
  return {
    before: reading(counters(before, before), [0, 1]),
    after: reading(counters(tried, passed), [1]),
    tries: someTries,
    sources: { node: ['10.0.0.11'], probers: {} },
    listening: [8080],
    cut: 'nft full',
    sealed: false,
    limits: [],
    families: ['IPv4'],
    size: String,
    ...changes,
  };
}

describe('judge', () => {
  it('HOLDS when what worked was tried again both ways and nothing passed', () => {
    const result = judge(input(working, []));
    expect([result.verdict, result.reasons]).to.deep.equal(['HOLDS', []]);
    expect(judgementText(result)).to.equal('3 of 3 flows that worked are blocked');
  });

  it('LEAKS when one flow passes, and names it', () => {
    const before: Seen = [...working, [datagrams, 5, 0]];
    const result = judge(input(before, [[datagrams, 3, 0]], {}, before));
    expect(result.verdict).to.equal('LEAKS');
    expect(result.leaks.map((leak) => [leak.flow, leak.seen])).to.deep.equal([
      ['udp 10.0.0.2:6000 -> 10.9.9.9:443', '180 in 1s'],
    ]);
  });

  it('LEAKS for a flow that began after the cut, for another protocol, and for an answered try', () => {
    expect(judge(input(working, [[datagrams, 1, 1]])).verdict).to.equal('LEAKS');
    const ping = { after: reading(counters([], [], { passed: { icmp: 2 } }), [1]) };
    expect(judge(input([], [], ping)).leaks[0]?.flow).to.equal('icmp');
    const open = judge(input(working, [], { after: reading(counters(working, []), [0, 1]) }));
    expect(open.leaks.map(({ flow, seen }) => [flow, seen])).to.deep.equal([
      ['new tcp pod -> API server 10.96.0.1:443', 'answered'],
    ]);
  });

  it('LEAKS when a layer in the pod that stops every frame lets one get as far as the link', () => {
    const result = judge(input([[outgoing, 2, 0]], [], { sealed: true }));
    expect(result.leaks.map(({ flow, seen }) => [flow, seen])).to.deep.equal([
      ['tcp 10.0.0.2:5000 -> 10.9.9.9:443', '2 packets on the link, none beyond it'],
    ]);
    expect(judge(input([[outgoing, 0, 2]], [], { sealed: true })).leaks).to.deep.equal([]);
  });

  it('is UNVERIFIED when a direction or a family could not be judged', () => {
    const oneWay = judge(input([[outgoing, 1, 0]], []));
    expect([oneWay.verdict, ...oneWay.reasons]).to.deep.equal([
      'UNVERIFIED',
      'no flow into the pod over IPv4 that worked before was tried again after',
    ]);
    expect(judge(input(working, [], { families: ['IPv4', 'IPv6'] })).reasons).to.have.length(2);
    const quiet = reading(counters([], []), [1]);
    expect(judge(input([], [], { before: quiet, after: quiet }, [])).reasons).to.deep.equal([
      'no flow that worked before was tried again after',
    ]);
  });

  it('is UNVERIFIED when the level has a limit, nothing is cut or nothing was counted', () => {
    expect(judge(input(working, [], { limits: ['link net1'] }))).to.deep.include({
      verdict: 'UNVERIFIED',
      reasons: ['link net1'],
    });
    expect(judge(input(working, [], { cut: undefined })).verdict).to.equal('UNVERIFIED');
    const blind = judge(input([], [], { after: reading(undefined, [1]) }));
    expect(blind.reasons).to.include('established connections could not be counted');
  });

  it('is UNVERIFIED when packets go round the rules or probes are cut', () => {
    const before = { ...reading(counters(working, working), [0, 1]), devices: { from: 400, to: 0 } };
    expect(judge(input(working, [], { before })).reasons[0]).to.match(
      /never reach the rules, as with an eBPF/,
    );
    const after = { ...reading(counters(working, []), [1]), devices: { from: 0, to: 20 } };
    expect(judge(input(working, [], { after })).reasons[0]).to.match(/^20 frames came to the pod by a way/);
    const out = { ...reading(counters(working, []), [1]), devices: { from: 9, to: 0 } };
    expect(judge(input(working, [], { after: out })).reasons[0]).to.match(
      /^9 frames came from the pod by a way/,
    );
    const one = { ...reading(counters(working, []), []), devices: { from: 1, to: 1 } };
    const told = (changes: Partial<JudgeInput>): readonly string[] =>
      judge(input(working, [], { after: one, tries: [], ...changes })).reasons;
    expect(told({}).filter((text) => text.startsWith('1 frame '))).to.have.length(2);
    expect(told({ cut: 'nft without egress' }).filter((text) => text.startsWith('1 frame '))).to.have.length(
      1,
    );
    const probeless = judge(input(working, [], { after: reading(counters(working, []), []) }));
    expect(probeless.reasons[0]).to.match(/^the kubelet's probe of port 8080 is cut too/);
  });

  it('LEAKS when something of the node but a probe passes to a probe port, as what a node port leads there', () => {
    const masked = { ...incoming, peerAddress: '10.0.0.11' };
    const result = judge(input(working, [[masked, 3, 3]]));
    expect(result.leaks.map(({ flow }) => flow)).to.deep.equal(['tcp 10.0.0.11:50000 -> 10.0.0.2:8080']);
  });

  it('is UNVERIFIED when a connection from the node to a probe port outlives the cut', () => {
    const socket = (remoteAddress: string, remotePort: number): InetSocket => ({
      ...{ localAddress: '::ffff:10.0.0.2', localPort: 8080, remoteAddress, remotePort },
      ...{ state: 'ESTABLISHED', uid: 0, inode: 1 },
    });
    const ingress = socket('::ffff:10.0.0.11', 40_000);
    const probing = socket('::ffff:10.0.0.11', 40_001);
    const peer = socket('::ffff:10.9.9.8', 50_000);
    const before = {
      ...reading(counters(working, working), [0, 1]),
      sockets: [ingress, probing, peer],
    };
    const after = (...sockets: InetSocket[]): Reading => ({
      ...reading(counters(working, []), [1]),
      sockets,
    });
    const kept = judge(input(working, [], { before, after: after(ingress, peer) }));
    expect([kept.verdict, ...kept.reasons]).to.deep.equal([
      'UNVERIFIED',
      'tcp 10.0.0.11:40000 -> 10.0.0.2:8080 is open since before the cut: the exception for probes lets a program of the node through too',
    ]);
    expect(judge(input(working, [], { before, after: after(peer) })).verdict).to.equal('HOLDS');
    const closing = { ...ingress, state: 'CLOSE_WAIT' };
    expect(judge(input(working, [], { before, after: after(closing) })).verdict).to.equal('HOLDS');
  });

  it('says by the level why something leaks and what to do', () => {
    const why = (cut: JudgeInput['cut']): string | undefined =>
      judge(input(working, [[outgoing, 1, 1]], { cut })).leaks[0]?.why;
    expect(why('nft full')).to.equal('it passes the link although the link is cut');
    expect(why('busybox bridge')).to.equal("the level busybox bridge can't hold it");
    expect(why(undefined)).to.equal('it was open before the policy, which stops only new connections');
  });

  it('says of a leak beside a policy alone what our own new connections show', () => {
    const why = (answered: boolean, before: Seen = working, worked = true): string | undefined =>
      judge({
        ...input([], [], { cut: undefined }),
        before: reading(counters(before, before), worked ? [0, 1] : [1]),
        after: reading(counters([[outgoing, 1, 1]], [[outgoing, 1, 1]]), answered ? [0, 1] : [1]),
      }).leaks[0]?.why;
    expect(why(true)).to.equal('nothing enforces the policy on it');
    expect(why(false)).to.equal('it was open before the policy, which stops only new connections');
    expect(why(false, [])).to.equal('the policy does not stop it');
    expect(why(false, working, false)).to.equal('the policy does not stop it');
  });

  it('counts what it did not judge', () => {
    const before: Seen = [...working, [{ ...outgoing, podPort: 5001 }, 3, 0]];
    expect(judgementText(judge(input(working, [], {}, before)))).to.equal(
      '3 of 3 flows that worked are blocked; 1 never worked or fell silent, not judged',
    );
  });
});

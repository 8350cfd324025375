import { expect } from 'chai';
import { flowKey, parseCounters, total } from '../../src/containment/counters.ts';

const element = (value: unknown, packets: number): unknown => ({
  elem: { val: value, counter: { packets, bytes: packets * 100 } },
});

function table(sets: Record<string, unknown[]>, totals: Record<string, number> = {}): Buffer {
  const entries = Object.entries(sets).map(([name, elem]) => ({ set: { name, elem } }));
  const counters = Object.entries(totals).map(([name, packets]) => ({
    counter: { name, packets, bytes: 1 },
  }));
  return Buffer.from(
    JSON.stringify({ nftables: [{ metainfo: {} }, { table: {} }, ...entries, ...counters] }),
  );
}

const flow = {
  protocol: 'tcp',
  podAddress: '10.0.0.2',
  podPort: 5000,
  peerAddress: '10.0.0.3',
  peerPort: 443,
} as const;

describe('parseCounters', () => {
  it('joins both directions of a flow', () => {
    const { tried } = parseCounters(
      table({
        'tried-from-4': [element({ concat: ['10.0.0.2', 'tcp', 5000, '10.0.0.3', 443] }, 3)],
        'tried-to-4': [element({ concat: ['10.0.0.3', 'tcp', 443, '10.0.0.2', 5000] }, 2)],
      }),
      undefined,
    );
    expect([...tried.flows.values()]).to.deep.equal([
      { flow, from: { packets: 3, bytes: 300 }, to: { packets: 2, bytes: 200 } },
    ]);
    expect(flowKey(flow)).to.equal('tcp 10.0.0.2:5000 10.0.0.3:443');
  });

  it('takes IPv6, protocols by number, other protocols and frames that are not IP', () => {
    const { passed } = parseCounters(
      table({
        'passed-from-6': [element({ concat: ['fd00::2', 17, 53, 'fd00::3', 53] }, 1)],
        'passed-to-other': [element({ concat: ['ip', 'icmp'] }, 4), element({ concat: ['ip6', 58] }, 1)],
        'passed-from-frames': [element(34_997, 5)],
      }),
      undefined,
    );
    expect([...passed.flows.keys()]).to.deep.equal(['udp [fd00::2]:53 [fd00::3]:53']);
    expect([...passed.others.keys()]).to.have.members(['icmp', 'ipv6-icmp', 'ether 34997']);
  });

  it('adds up what several tables counted, and takes off what they had counted before', () => {
    const flows = [element({ concat: ['10.0.0.2', 'tcp', 5000, '10.0.0.3', 443] }, 3)];
    const first = parseCounters(table({ 'passed-from-4': flows }, { 'passed-from': 9 }), undefined);
    const both = parseCounters(
      table({ 'passed-from-4': flows }, { 'passed-from': 7, 'passed-to': 4 }),
      table({}, { 'passed-from': 5 }),
      first,
    );
    expect(both.passed.totals).to.deep.equal({ from: 11, to: 4 });
    expect(total(both.passed.flows.get(flowKey(flow)))).to.deep.equal({ packets: 6, bytes: 600 });
    expect(both.tried.totals).to.deep.equal({ from: 0, to: 0 });
  });

  it('leaves out elements of another shape', () => {
    const elem = [element({ concat: ['x', 'tcp', 1, 'y', 2] }, 1), element({ concat: [{}] }, 1), 7, null, {}];
    const { tried } = parseCounters(table({ 'tried-from-4': elem }), undefined);
    expect(tried.flows.size).to.equal(0);
  });

  it('throws for what nft never prints', () => {
    for (const text of ['', '[]', '{}', 'null', '{"nftables": {}}'])
      expect(() => parseCounters(Buffer.from(text), undefined), text).to.throw();
  });
});

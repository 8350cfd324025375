import { expect } from 'chai';
import { parsePodLink } from '../../src/containment/link.ts';
import { answersOf, readFlows } from '../../src/containment/reading.ts';
import { OperationError } from '../../src/output/errors.ts';
import { fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';
import { someTries } from './readings-lab.ts';
import { uid } from './subjects.ts';

const { signal } = new AbortController();
const link = { ...parsePodLink(ordinaryLink), words: ['the-uid'] };
const options = { uid, seconds: 0.3, tries: someTries, signal };
const counting = { link: ['netdev', 'bridge'], inside: ['netdev'] } as const;

describe('readFlows', () => {
  it('hands over rules, tables and the tries that begin on the node, and reads what came', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: flowsOutput(2, 1, [1]) }));
    const near = { ...someTries[0], from: 'near' } as (typeof someTries)[number];
    const read = await readFlows(collector, link, {
      ...options,
      tries: [...someTries, near],
      counting,
      rules: { link: 'RULES', inside: 'MORE' },
    });
    expect([...read.answers]).to.deep.equal([[1, 'connected']]);
    expect(read.counters?.link.passed.flows.size).to.equal(2);
    expect(read.sockets.map(({ localPort, state }) => [localPort, state])).to.deep.equal([[9100, 'LISTEN']]);
    expect(calls[0]?.args.join(' ')).to.equal('0.3');
    expect(calls[0]?.input.split('\n')).to.deep.equal([
      ...['== pod', 'pid 4242', 'space net:[4026532741]', 'word the-uid', 'link veth9bd0b104'],
      ...['== link', 'RULES', '== inside', 'MORE', '== tables'],
      `link netdev ir-count-${uid}`,
      `link bridge ir-count-${uid}`,
      `inside netdev ir-count-${uid}`,
      '== tries',
      '0 pod tcp 10.96.0.1 443',
      '1 node tcp 10.0.0.2 8080',
      '',
    ]);
  });

  it('has no counters where none are placed, and the difference of what the links counted', async () => {
    const stdout = Buffer.from('== devices-before\n10 20\n1 1\n== devices\n15 20\n2 4\n== answers\n');
    const { collector, calls } = fakeNode([], () => ({ stdout }));
    const read = await readFlows(collector, link, { ...options, counting: { link: [], inside: [] } });
    expect(read).not.to.have.property('counters');
    expect(read.devices).to.deep.equal({ from: 6, to: 3 });
    expect(calls[0]?.input).not.to.include('== link');
  });

  it('asks where the cut is only when that is wanted, and tells it', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: flowsOutput(2, 1, [1]) }));
    const read = await readFlows(collector, link, { ...options, counting, covered: true });
    expect([...(read.coverage?.hooks ?? [])]).to.deep.equal(['veth9bd0b104 ingress', 'veth9bd0b104 egress']);
    expect(read.coverage?.links.map(({ name }) => name)).to.deep.equal(['veth9bd0b104']);
    const asked = calls[0]?.input.split('\n').filter((line) => line.startsWith('cut '));
    expect(asked).to.deep.equal(['netdev', 'inet', 'bridge'].map((one) => `cut ${one} ir-cut-${uid}`));
    expect(await readFlows(collector, link, { ...options, counting })).not.to.have.property('coverage');
  });

  it('reads addresses in the byte order of the node', async () => {
    const row = (local: string): string =>
      `   0: ${local}:238C 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1 0 100 0 0 10 0\n`;
    const addresses = async (cpuinfo: string, four: string, six: string): Promise<string[]> => {
      const stdout = Buffer.from(
        `== cpuinfo\n${cpuinfo}\n== tcp\n${row(four)}== tcp6\n${row(six)}== answers\n`,
      );
      const { collector } = fakeNode([], () => ({ stdout }));
      const read = await readFlows(collector, link, { ...options, counting: { link: [], inside: [] } });
      return read.sockets.map(({ localAddress }) => localAddress);
    };
    const both = ['10.244.1.7', 'fd00:10:244::7'];
    expect(await addresses('processor\t: 0', '0701F40A', '100000FD000044020000000007000000')).to.deep.equal(
      both,
    );
    expect(
      await addresses('vendor_id       : IBM/S390', '0AF40107', 'FD000010024400000000000000000007'),
    ).to.deep.equal(both);
  });

  it('tells that the pod has moved and what went wrong', async () => {
    for (const exitCode of [3, 1]) {
      const { collector } = fakeNode(['nft'], () => ({ exitCode, stderr: 'no' }));
      const error: unknown = await readFlows(collector, link, { ...options, counting }).catch(
        (e: unknown) => e,
      );
      expect(error).to.be.instanceOf(OperationError);
    }
  });
});

describe('answersOf', () => {
  it('takes nothing but numbers with an answer', () => {
    const lines = '0 connected\n1 refused\n2 open\n-3 refused\n99999 refused\nx\n';
    expect([...answersOf(Buffer.from(lines))]).to.deep.equal([
      [0, 'connected'],
      [1, 'refused'],
    ]);
    expect(answersOf(undefined).size).to.equal(0);
  });
});

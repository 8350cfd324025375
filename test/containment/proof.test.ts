import { expect } from 'chai';
import type { ProbePod } from '../../src/collector/probe-pods.ts';
import { Proof, type Standing } from '../../src/containment/proof.ts';
import { OperationError } from '../../src/output/errors.ts';
import { nodeSide } from './acts/acts-lab.ts';
import { holdingNode } from './containment-lab.ts';
import { fakeNode, flowsOutput } from './fake-node.ts';
import { noPeers, shopSubject, uid } from './subjects.ts';

const { signal } = new AbortController();

function probePod(answers: readonly string[]): ProbePod & { inputs: string[] } {
  const inputs: string[] = [];
  let calls = 0;
  return {
    pod: 'ir-probe-x',
    node: 'node-a',
    addresses: ['10.244.1.9'],
    inputs,
    call: async (_, __, { input }) => {
      inputs.push(Buffer.from((await input) ?? []).toString());
      const said = answers[calls] ?? '';
      calls += 1;
      if (said === 'broken') throw new OperationError('the stream broke');
      return { exitCode: 0, stdout: Buffer.from(`== answers\n${said}\n`), stderr: '' };
    },
  };
}

describe('Proof', () => {
  it('measures, judges as often as it is wanted, and takes its counters away', async () => {
    const { collector, calls } = holdingNode();
    const node = nodeSide(collector);
    const proof = new Proof({ ...node, subject: shopSubject(), peers: noPeers, pods: { gaps: ['no far'] } });
    await proof.measure(signal);
    for (let i = 0; i < 2; i += 1) {
      const proven = await proof.judge({ cut: 'nft full', inside: true }, signal);
      expect([proven.verdict, proven.gaps]).to.deep.equal(['HOLDS', ['no far']]);
    }
    await proof.close(signal);
    expect(calls.map((call) => call.script)).to.deep.equal([
      ...['flows', 'flows', 'elsewhere', 'flows', 'elsewhere', 'nft-unload', 'inside-remove'],
    ]);
    expect(calls[0]?.input).to.include('hook ingress').and.include('== inside\nadd table netdev');
    expect(calls[1]?.input).to.include(`flush set netdev ir-count-${uid} tried-from-4`);
    expect(calls[1]?.input).not.to.include(' passed-');
    expect(calls[1]?.input).to.include('== inside\n\n');
    expect(calls[3]?.input).to.include(`flush set netdev ir-count-${uid} passed-to-6`);
  });

  it('counts in the first verdict what was tried since the acts, which emptied the counters', async () => {
    const first = async (standing: Standing): Promise<string> => {
      const { collector, calls } = holdingNode();
      const input = { ...nodeSide(collector), subject: shopSubject(), peers: noPeers, pods: { gaps: [] } };
      const proof = new Proof(input);
      await proof.measure(signal);
      await proof.judge(standing, signal);
      return [
        ...(calls[1]?.input ?? '').matchAll(/^== (?:link|inside)$|(?<= )(?:tried|passed)-(?:from|to)-4$/gm),
      ].join(' ');
    };
    expect(await first({ cut: 'nft full', inside: true })).to.equal('== link tried-from-4 == inside');
    expect(await first({ cut: 'nft full', inside: false })).to.equal('== link == inside tried-from-4');
    expect(await first({ cut: undefined, inside: true })).to.equal(
      '== link tried-from-4 passed-from-4 tried-to-4 passed-to-4 == inside tried-from-4',
    );
  });

  it('never holds while a process of the pod is in another network, or when nobody could look', async () => {
    for (const [exitCode, why] of [
      [0, 'process 4711 of the pod: in the network of the node, which is not cut'],
      [1, 'whether processes of the pod are in another network is not known: cannot look for processes'],
    ] as const) {
      const { collector } = holdingNode();
      const call: typeof collector.call = (script, args, options) =>
        typeof script !== 'string' && script.name === 'elsewhere'
          ? Promise.resolve({ exitCode, stdout: Buffer.from('node 4711\n'), stderr: 'no' })
          : collector.call(script, args, options);
      const node = nodeSide({ ...collector, call });
      const proof = new Proof({ ...node, subject: shopSubject(), peers: noPeers, pods: { gaps: [] } });
      await proof.measure(signal);
      const { verdict, reasons } = await proof.judge({ cut: 'nft full', inside: true }, signal);
      expect([verdict, reasons.length]).to.deep.equal(['UNVERIFIED', 1]);
      expect(reasons[0]).to.match(new RegExp(`^${why}`));
    }
  });

  it('never holds when links of the pod came after the first look, or its cut is gone from one', async () => {
    for (const [old, changed, why] of [
      [
        '== node-links\n',
        '3: eth1@if9: <UP>\n== node-links\n9: veth2@if3: <UP>\n',
        /^link veth2 leads from the node to the pod, and no whole cut/,
      ],
      ['ingress device "veth9bd0b104"', 'ingress device "veth0"', /^link veth9bd0b104 leads from the node/],
      ['@if7: <UP>\n', '@if7: <UP>\n3: up1@if2: <UP>\n', /^link up1 of the pod has no side on the host/],
    ] as const) {
      const { collector } = holdingNode();
      const call: typeof collector.call = async (...all) => {
        const answer = await collector.call(...all);
        const now = answer.stdout.toString().replace(old, changed);
        return { ...answer, stdout: Buffer.from(now) };
      };
      const proof = new Proof({
        ...nodeSide({ ...collector, call }),
        subject: shopSubject(),
        peers: noPeers,
        pods: { gaps: [] },
      });
      await proof.measure(signal);
      const { verdict, reasons } = await proof.judge({ cut: 'nft full', inside: true }, signal);
      expect(verdict).to.equal('UNVERIFIED');
      expect(
        reasons.some((one) => why.test(one)),
        reasons.join(),
      ).to.equal(true);
    }
  });

  it('says of a pod that may control its node that the verdict is as told by it', async () => {
    const subject = { ...shopSubject(), reach: ['container web is privileged'] };
    const proof = new Proof({
      ...nodeSide(holdingNode().collector),
      ...{ subject, peers: noPeers, pods: { gaps: [] } },
    });
    await proof.measure(signal);
    const { gaps } = await proof.judge({ cut: 'nft full', inside: true }, signal);
    expect(gaps[0]).to.match(/container web is privileged\. The verdict is as told by that node$/);
  });

  it('has the probe pods try from where they are, and says when one can no more', async () => {
    const pod = probePod(['', '', 'broken', 'broken', '']);
    const { collector } = holdingNode();
    const node = nodeSide(collector);
    const proof = new Proof({
      ...node,
      subject: shopSubject(),
      peers: noPeers,
      pods: { near: pod, gaps: [] },
    });
    await proof.measure(signal);
    expect(pod.inputs[0]).to.match(/^\d+ tcp 10\.244\.1\.7 8080$/m);
    const states = async (): Promise<unknown[]> => {
      const { checks } = await proof.judge({ cut: 'nft full', inside: false }, signal);
      return checks
        .filter(({ flow }) => flow.includes('probe pod on node-a -> pod'))
        .map(({ after }) => after);
    };
    expect(new Set(await states())).to.deep.equal(new Set(['fails']));
    expect(new Set(await states())).to.deep.equal(new Set(['silent']));
    const gaps = async (): Promise<readonly string[]> =>
      (await proof.judge({ cut: 'nft full', inside: false }, signal)).gaps;
    expect(await gaps()).to.deep.equal(['no try from node node-a: the stream broke']);
    expect(await gaps(), 'when it can again').to.deep.equal([]);
  });

  it('empties what passed before when no cut did', async () => {
    const { collector, calls } = holdingNode();
    const proof = new Proof({
      ...nodeSide(collector),
      subject: shopSubject(),
      peers: noPeers,
      pods: { gaps: [] },
    });
    await proof.measure(signal);
    await proof.judge({ cut: undefined, inside: false }, signal);
    expect(calls[1]?.input).to.include(`flush set netdev ir-count-${uid} passed-to-4`);
  });

  it('never says HOLDS at a level with limits', async () => {
    let readings = 0;
    const { collector, calls } = fakeNode([], () => {
      readings += 1;
      return { stdout: readings === 1 ? flowsOutput(9, 9, [0]) : flowsOutput(3, 0, []) };
    });
    const proof = new Proof({
      ...nodeSide(collector),
      subject: shopSubject(),
      peers: noPeers,
      pods: { gaps: [] },
    });
    await proof.measure(signal);
    const proven = await proof.judge({ cut: 'busybox bridge', inside: true }, signal);
    expect(proven.verdict).to.equal('UNVERIFIED');
    expect(proven.reasons[0]).to.match(
      /^the level busybox bridge can't hold traffic between the pod and its own node/,
    );
    await proof.close(signal);
    expect(calls.map(({ script }) => script)).to.deep.equal(['flows', 'flows', 'elsewhere']);
  });

  it('judges an isolation that stands by what worked before it, and says nothing where that is not known', async () => {
    const judged = async (worked: readonly string[]): Promise<string> => {
      const { collector } = fakeNode(['nft'], () => ({ stdout: flowsOutput(9, 0, []) }));
      const proof = new Proof({
        ...nodeSide(collector),
        subject: shopSubject(),
        peers: noPeers,
        pods: { near: probePod(['', '']), gaps: [] },
      });
      await proof.measureStanding(new Set(worked), signal);
      const { verdict, reasons } = await proof.judge({ cut: 'nft full', inside: true }, signal);
      return `${verdict} ${reasons[0] ?? ''}`;
    };
    expect(await judged([])).to.equal('UNVERIFIED no flow that worked before was tried again after');
    expect(await judged(['new tcp probe pod on node-a -> pod 10.244.1.7:8080'])).to.equal(
      'UNVERIFIED no flow out of the pod over IPv4 that worked before was tried again after',
    );
    const out = 'new tcp pod -> probe pod on node-a 10.244.1.9:9';
    expect(await judged(['new tcp probe pod on node-a -> pod 10.244.1.7:8080', out])).to.equal('HOLDS ');
  });

  it('judges an isolation that stands by what passed since it was asked, as no cut emptied the counters', async () => {
    const { collector, calls } = holdingNode();
    const proof = new Proof({
      ...nodeSide(collector),
      ...{ subject: shopSubject(), peers: noPeers, pods: { gaps: [] } },
    });
    await proof.measureStanding(new Set(), signal);
    await proof.judge({ cut: 'nft full', inside: true }, signal);
    expect(calls[1]?.input).to.include(`flush set netdev ir-count-${uid} passed-from-4`);
  });

  it('is not judged before it is measured', async () => {
    const node = nodeSide(holdingNode().collector);
    const proof = new Proof({ ...node, subject: shopSubject(), peers: noPeers, pods: { gaps: [] } });
    const error: unknown = await proof
      .judge({ cut: undefined, inside: false }, signal)
      .catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(OperationError);
  });
});

import { expect } from 'chai';
import { performCut, planCut, recordCut, undoCut } from '../../../src/containment/acts/cut.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { fakeNode } from '../fake-node.ts';
import { shopPod, shopSubject, uid } from '../subjects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('cut', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is planned with the probe ports as its only exception', () => {
    expect(planCut(shopSubject())).to.deep.include({ ports: [8080] });
    const silent = shopPod({ spec: { containers: [{ name: 'web', image: 'i' }] } });
    expect(planCut(shopSubject(silent)).summary).to.match(/no exception, because no probe uses the network$/);
  });

  it('loads its rules and says what stands, at which level, and how long the node took', async () => {
    const standing: string[] = [];
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: Buffer.from('took 16\n') }));
    const done = await performCut(planCut(shopSubject()), performing(lab, collector, standing));
    expect(done).to.deep.equal({
      outcome: 'done',
      detail: 'veth9bd0b104 on node-a, level nft full',
      nodeSeconds: 0.016,
    });
    expect(standing).to.deep.equal(['the cut of veth9bd0b104 on node-a']);
    expect(calls.map((call) => call.script)).to.deep.equal(['nft-load']);
    expect(calls[0]?.input).to.contain(`table netdev ir-cut-${uid}`);
  });

  it('is placed by rules of routing where the image has no nft', async () => {
    const { collector, calls } = holdingNode([]);
    const done = await performCut(planCut(shopSubject()), performing(lab, collector));
    expect(done.detail).to.equal('veth9bd0b104 on node-a, level busybox bridge');
    expect(calls.map((call) => [call.script, call.args[1]])).to.deep.equal([['routes', 'cut']]);
  });

  it('is not placed on a link without a side on the host', async () => {
    const standing: string[] = [];
    const { collector, calls } = holdingNode();
    const at = performing(lab, collector, standing);
    const node = { ...at.node, level: undefined, link: { ...at.node.link, links: [], uncut: ['net1'] } };
    const done = await performCut(planCut(shopSubject()), { ...at, node });
    expect(done).to.deep.equal({
      outcome: 'not placed',
      detail: 'no link of the pod has a side on the host (net1)',
    });
    expect([standing, calls]).to.deep.equal([[], []]);
    expect(await performCut(planCut(shopSubject()), { ...at, node: undefined })).to.deep.equal({
      outcome: 'not placed',
      detail: 'no collector is on the node',
    });
  });

  it('is undone whatever the record says, and without nft only where nft placed nothing', async () => {
    const { collector, calls } = holdingNode();
    expect(await undoCut(undefined, undoing(lab, collector))).to.match(/^link open on node-a/);
    expect(calls.map((call) => call.script)).to.deep.equal(['routes-remove', 'nft-unload']);
    const plain = holdingNode([]).collector;
    const undone = (record: unknown, tick?: string): Promise<string> =>
      undoCut(record as Parameters<typeof undoCut>[0], undoing(lab, plain, tick));
    expect(await undone(undefined)).to.match(/^link open/);
    expect(await undone({ kind: 'cut', level: 'busybox routed' }, 'done x')).to.match(/^link open/);
    expect(await undone({ kind: 'cut' }, 'not placed x')).to.match(/^link open/);
    for (const level of [undefined, 'nft full', 'nft without egress'])
      expect(await refusal(undone({ kind: 'cut', level }, 'done x'))).to.match(/has no nft/);
  });

  it('keeps the level for whoever undoes it', () => {
    const action = planCut(shopSubject());
    expect(recordCut(action)).to.deep.equal({ kind: 'cut' });
    expect(recordCut({ ...action, level: 'nft full' })).to.deep.equal({ kind: 'cut', level: 'nft full' });
  });

  it('is gone with its node', async () => {
    const node = lab.fake.get('nodes', undefined, 'node-a');
    if (node === undefined) throw new Error('no node');
    lab.fake.remove(node);
    const { collector, calls } = holdingNode();
    expect(await undoCut({ kind: 'cut' }, undoing(lab, collector))).to.match(
      /^node node-a has left the cluster/,
    );
    expect(calls).to.deep.equal([]);
  });
});

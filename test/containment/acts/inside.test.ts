import { expect } from 'chai';
import { performInside, planInside, recordInside, undoInside } from '../../../src/containment/acts/inside.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { fakeNode } from '../fake-node.ts';
import { shopPod, shopSubject, uid } from '../subjects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('inside', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is planned with or without an exception', () => {
    expect(planInside(shopSubject()).summary).to.match(/kubelet probes excepted; loopback untouched$/);
    const silent = shopPod({ spec: { containers: [{ name: 'web', image: 'i' }] } });
    expect(planInside(shopSubject(silent)).summary).not.to.match(/excepted/);
  });

  it('is placed in the network of the pod with what the image has', async () => {
    for (const [tools, script, by] of [
      [['nft'], 'nft-load', 'nft'],
      [[], 'routes', 'rules of routing'],
    ] as const) {
      const standing: string[] = [];
      const { collector, calls } = holdingNode(tools);
      const done = await performInside(planInside(shopSubject()), performing(lab, collector, standing));
      expect(done).to.deep.equal({ outcome: 'done', detail: `eth0 of the pod, by ${by}` });
      expect(calls.map((call) => call.script)).to.deep.equal([script]);
      expect(calls[0]?.args).to.include('net:[4026532741]');
      expect(standing).to.deep.equal(['the layer in the network of the pod on node-a']);
    }
  });

  it('empties the counters in the pod, where there are any, so that they tell what was tried since', async () => {
    for (const [level, count] of [
      ['nft full', 4],
      [undefined, 0],
    ] as const) {
      const { collector, calls } = holdingNode();
      const at = performing(lab, collector);
      await performInside(planInside(shopSubject()), { ...at, node: { ...at.node, level } });
      const [, after = ''] = (calls[0]?.input ?? '').split('\n# afterwards\n');
      expect(after.split(`flush set netdev ir-count-${uid} tried-from-`).length - 1).to.equal(count);
    }
  });

  it('is not placed in a pod without a link', async () => {
    const at = performing(lab, holdingNode().collector);
    const node = { ...at.node, link: { ...at.node.link, inner: [] } };
    const done = await performInside(planInside(shopSubject()), { ...at, node });
    expect(done).to.deep.equal({ outcome: 'not placed', detail: 'the pod has no link of its own' });
  });

  it('is undone by the uid, and without nft only where nft placed nothing or the pod is gone', async () => {
    const answering = (tools: readonly string[], count: number): ReturnType<typeof fakeNode> =>
      fakeNode(tools, () => ({ stdout: Buffer.from(`${count}\n`) }));
    const { collector, calls } = answering(['nft'], 1);
    expect(await undoInside(undefined, undoing(lab, collector))).to.match(/^nothing of ours is left/);
    expect(calls[0]?.args).to.include(uid).and.include(`ir-inside-${uid}`);
    const plain = undoing(lab, answering([], 1).collector, 'done x');
    expect(await refusal(undoInside({ kind: 'inside' }, plain))).to.match(/has no nft/);
    expect(await refusal(undoInside({ kind: 'inside', nft: true }, plain))).to.match(/has no nft/);
    expect(await undoInside({ kind: 'inside', nft: false }, plain)).to.match(/^nothing of ours/);
    const gone = undoing(lab, answering([], 0).collector, 'done x');
    expect(await undoInside({ kind: 'inside', nft: true }, gone)).to.match(/^no network of the pod is left/);
  });

  it('keeps what it was placed with', () => {
    const action = planInside(shopSubject());
    expect(recordInside(action)).to.deep.equal({ kind: 'inside' });
    expect(recordInside({ ...action, nft: false })).to.deep.equal({ kind: 'inside', nft: false });
  });
});

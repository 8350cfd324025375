import { expect } from 'chai';
import { performCut, planCut, undoCut } from '../../../src/containment/acts/cut.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
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

  it('loads its rules and says what stands', async () => {
    const standing: string[] = [];
    const { collector, calls } = holdingNode();
    const done = await performCut(planCut(shopSubject()), performing(lab, collector, standing));
    expect(done).to.deep.equal({ outcome: 'done', detail: 'veth9bd0b104 on node-a' });
    expect(standing).to.deep.equal(['the cut of veth9bd0b104 on node-a']);
    expect(calls.map((call) => call.script)).to.deep.equal(['nft-load']);
    expect(calls[0]?.input).to.contain(`table netdev ir-cut-${uid}`);
  });

  it('is not placed without nft, and says which image to use', async () => {
    const standing: string[] = [];
    const { collector, calls } = holdingNode([]);
    const done = await performCut(planCut(shopSubject()), performing(lab, collector, standing));
    expect(done.outcome).to.equal('not placed');
    expect(done.detail).to.match(/has no nft; give one that has it with --collector-image$/);
    expect([standing, calls]).to.deep.equal([[], []]);
  });

  it('is undone whatever the record says, and without nft only where none was placed', async () => {
    const { collector, calls } = holdingNode();
    expect(await undoCut(undefined, undoing(lab, collector))).to.match(/^link open on node-a/);
    expect(calls.map((call) => call.script)).to.deep.equal(['nft-unload']);
    const plain = holdingNode([]).collector;
    expect(await undoCut(undefined, undoing(lab, plain))).to.match(/^no cut was placed/);
    expect(await undoCut({ kind: 'cut' }, undoing(lab, plain, 'not placed x'))).to.match(
      /^no cut was placed/,
    );
    expect(await refusal(undoCut({ kind: 'cut' }, undoing(lab, plain, 'done x')))).to.match(/has no nft/);
  });

  it('is gone with its node', async () => {
    const node = lab.fake.get('nodes', undefined, 'node-a');
    if (node === undefined) throw new Error('no node');
    lab.fake.remove(node);
    const { collector, calls } = holdingNode();
    expect(await undoCut({ kind: 'cut' }, undoing(lab, collector))).to.match(/^node node-a is gone/);
    expect(calls).to.deep.equal([]);
  });
});

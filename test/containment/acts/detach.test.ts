import { expect } from 'chai';
import {
  performDetach,
  planDetach,
  recordDetach,
  validateDetach,
} from '../../../src/containment/acts/detach.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { ownerUid, shopPod, shopSet, shopSubject } from '../subjects.ts';
import { performing } from './acts-lab.ts';

const action = { kind: 'detach', summary: 's', labels: { app: 'shop', 'pod-template-hash': '1' } } as const;

describe('detach', () => {
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is planned for labels that the ReplicaSet and Services select by, and for no others', () => {
    expect(planDetach(shopSubject())?.labels).to.deep.equal(action.labels);
    expect(planDetach(shopSubject(shopPod({ metadata: { ownerReferences: [] } })))).to.equal(undefined);
    expect(
      planDetach(shopSubject(shopPod(), { replicaSet: shopSet({ selector: {} }), services: [] })),
    ).to.equal(undefined);
  });

  it('keeps what giving back needs', () => {
    const priced = shopPod({
      metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-7' } },
    });
    expect(recordDetach(action, shopSubject(priced))).to.deep.equal({
      kind: 'detach',
      labels: action.labels,
      replicaSet: { name: 'shop-1', uid: ownerUid },
      deletionCost: '-7',
    });
  });

  it('takes exactly these labels off', async () => {
    const standing: string[] = [];
    const before = lab.livePod().metadata.labels;
    expect(await validateDetach(action, performing(lab, collector))).to.deep.equal([
      'pod/shop-1-x unlabeled app, pod-template-hash (server dry run)',
    ]);
    expect(lab.livePod().metadata.labels).to.deep.equal(before);
    await performDetach(action, performing(lab, collector, standing));
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web' });
    expect(standing).to.deep.equal(['labels app, pod-template-hash set aside']);
  });
});

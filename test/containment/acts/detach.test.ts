import { expect } from 'chai';
import {
  performDetach,
  planDetach,
  recordDetach,
  validateDetach,
} from '../../../src/containment/acts/detach.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { ownerUid, shopPod, shopProspect, shopSubject, uid } from '../subjects.ts';
import { performing, refusal } from './acts-lab.ts';

const { subject, outlook } = shopProspect();
const action = planDetach(subject, outlook);
if (action === undefined) throw new Error('nothing to detach');

describe('detach', () => {
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is planned for labels that the ReplicaSet and Services select by, and for no others', () => {
    expect(action).to.deep.include({
      labels: { app: 'shop', 'pod-template-hash': '1' },
      summary: 'labels app=shop, pod-template-hash=1 set aside; replicaset/shop-1 starts a replacement',
      replaced: true,
    });
    const bare = shopProspect(shopPod({ metadata: { ownerReferences: [] } }));
    expect(planDetach(bare.subject, bare.outlook)).to.deep.equal({
      kind: 'detach',
      summary: 'label app=shop set aside; it has no owner',
      labels: { app: 'shop' },
      replaced: false,
    });
    const alone = shopProspect(shopPod({ metadata: { ownerReferences: [] } }), { services: [] });
    expect(planDetach(alone.subject, alone.outlook)).to.equal(undefined);
  });

  it('says of a pod that stays with its owner that it does', () => {
    const aside = { ...outlook.aside, labels: { role: 'primary' }, leaves: false };
    const stays = planDetach(subject, { ...outlook, aside });
    expect(stays?.summary).to.equal('label role=primary set aside; replicaset/shop-1 keeps it');
    expect(stays).not.to.have.property('owner');
  });

  it('keeps what giving back needs', () => {
    const priced = shopPod({
      metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-7' } },
    });
    expect(recordDetach(action, shopSubject(priced))).to.deep.equal({
      kind: 'detach',
      labels: action.labels,
      owner: { kind: 'ReplicaSet', name: 'shop-1', uid: ownerUid },
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
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web', 'kubectl-ir/pod-uid': uid });
    expect(standing).to.deep.equal(['labels app, pod-template-hash set aside']);
    await performDetach(action, performing(lab, collector));
  });

  it('changes nothing when a label has another value than planned', async () => {
    const { metadata, ...rest } = lab.livePod();
    const labels = { ...metadata.labels, app: 'other' };
    lab.fake.put({ ...rest, metadata: { ...metadata, labels } });
    expect(await refusal(performDetach(action, performing(lab, collector)))).to.equal(
      'label app of pod "shop-1-x" is other, not shop or absent: somebody changed it',
    );
    expect(lab.livePod().metadata.labels).to.deep.equal(labels);
  });
});

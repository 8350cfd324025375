import { expect } from 'chai';
import { giveBack } from '../../../src/containment/acts/give-back.ts';
import type { DetachRecord } from '../../../src/containment/acts/detach.ts';
import { deletionCostAnnotation } from '../../../src/containment/names.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { ownerUid, shopPod, shopSet } from '../subjects.ts';
import { refusal, undoing } from './acts-lab.ts';

const detached: DetachRecord = {
  kind: 'detach',
  labels: { app: 'shop', 'pod-template-hash': '1' },
  owner: { kind: 'ReplicaSet', name: 'shop-1', uid: ownerUid },
};

describe('giveBack', () => {
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  /** The pod as detaching left it; `owned` as long as its ReplicaSet has not let go of it. */
  function leave(labels: Readonly<Record<string, string>>, owned: boolean): void {
    const { metadata, ...rest } = lab.livePod();
    lab.fake.put({
      ...rest,
      metadata: { ...metadata, labels, ownerReferences: owned ? lab.pod.metadata?.ownerReferences : [] },
    } as never);
  }

  it('brings labels back and keeps one that has a new value', async () => {
    leave({ tier: 'web', app: 'other' }, true);
    expect(await giveBack(detached, undoing(lab, collector))).to.equal(
      'app, pod-template-hash as before; app has a new value by now, which is kept',
    );
    expect(lab.livePod().metadata.labels).to.deep.equal({
      app: 'other',
      'pod-template-hash': '1',
      tier: 'web',
    });
  });

  it('does not give a pod back to a ReplicaSet that wants none', async () => {
    const set = shopSet();
    lab.fake.put({ ...set, spec: { ...set.spec, replicas: 0 } } as never);
    leave({ tier: 'web' }, false);
    expect(await refusal(giveBack(detached, undoing(lab, collector)))).to.match(
      /wants no pods now and would delete this one at once/,
    );
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web' });
  });

  it('has nothing to give to a pod that is gone', async () => {
    lab.fake.remove(lab.livePod());
    expect(await giveBack(detached, undoing(lab, collector))).to.match(/is gone/);
  });

  it('puts back the deletion cost that somebody set since', async () => {
    leave({ tier: 'web' }, false);
    const live = lab.livePod();
    const annotations = { [deletionCostAnnotation]: '5' };
    lab.fake.put({ ...live, metadata: { ...live.metadata, annotations } } as never);
    let raised = false;
    lab.fake.intercept(({ method, body }) => {
      if (method !== 'PATCH' || !JSON.stringify(body).includes('2147483647')) return undefined;
      raised = true;
      setImmediate(() => {
        const now = lab.livePod();
        const { ownerReferences } = lab.pod.metadata ?? {};
        lab.fake.put({ ...now, metadata: { ...now.metadata, ownerReferences } } as never);
      });
      return undefined;
    });
    await giveBack({ ...detached, deletionCost: '1' }, undoing(lab, collector));
    expect([raised, lab.livePod().metadata.annotations]).to.deep.equal([true, annotations]);
  });

  it('goes on after an interrupt: the pod stays dear to its ReplicaSet until that has no pod too many', async () => {
    const { metadata } = lab.pod;
    const annotations = { [deletionCostAnnotation]: '2147483647' };
    lab.fake.put({ ...lab.livePod(), metadata: { ...metadata, annotations } } as never);
    const others = ['shop-1-y', 'shop-1-z'].map((name) =>
      lab.fake.put(shopPod({ metadata: { ...metadata, name, uid: `uid-of-${name}` } })),
    );
    let beside = NaN;
    lab.fake.intercept(({ method, path, body }) => {
      if (method === 'GET' && path.endsWith('/pods')) others.splice(1).forEach((pod) => lab.fake.remove(pod));
      if (method === 'PATCH' && JSON.stringify(body).includes(deletionCostAnnotation)) beside = others.length;
      return undefined;
    });
    await giveBack(detached, undoing(lab, collector));
    expect(beside, 'other pods of the ReplicaSet when the cost was put back').to.equal(1);
    expect(lab.livePod().metadata.annotations ?? {}).to.deep.equal({});
  });
});

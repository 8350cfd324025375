import { expect } from 'chai';
import { detachmentOf } from '../../src/containment/outlook.ts';
import { shopPod, shopProspect, shopSubject } from './subjects.ts';

describe('the outlook', () => {
  it('is that the pod leaves its ReplicaSet', () => {
    const { outlook } = shopProspect();
    expect(outlook.aside).to.deep.include({ leaves: true, services: [] });
    expect(outlook).to.deep.include({ served: [], components: [], siblings: [], budgets: [], gaps: [] });
    expect(outlook.clock).to.deep.equal({ restart: 6, autoscalers: [], pressure: [] });
  });

  it('tells what the claims of the pod hinder', () => {
    const claims = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOncePod'] } }];
    expect(shopProspect(shopPod(), { claims }).outlook.hindrances.prevent).to.deep.equal([
      'volume data (ReadWriteOncePod)',
    ]);
  });

  it('detaches by itself only what is replaced', () => {
    const { owner } = shopSubject();
    const stateful = {
      kind: 'StatefulSet',
      name: 'db',
      uid: 'u',
      selector: {},
      wanted: 1,
      ready: 1,
    } as const;
    const strange = { kind: 'CloneSet', name: 'c' };
    expect([owner, stateful, strange, undefined].map((one) => detachmentOf(one, false))).to.deep.equal([
      ...['leave', 'stay', 'stay', 'stay'],
    ]);
    expect([owner, stateful, strange, undefined].map((one) => detachmentOf(one, true))).to.deep.equal([
      ...['leave', 'leave', 'leave', 'stay'],
    ]);
  });
});

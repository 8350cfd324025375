import { expect } from 'chai';
import type { Adopter } from '../../../src/containment/facts/adoption.ts';
import { type Labelled, setAside } from '../../../src/containment/facts/aside.ts';
import type { KnownOwner } from '../../../src/containment/facts/owner.ts';
import { networkPolicies } from '../../../src/containment/facts/policy.ts';
import type { LabelSelector } from '../../../src/cluster/selector.ts';
import { ownerUid, uid } from '../subjects.ts';

const owner = (selector: LabelSelector): KnownOwner => ({
  kind: 'ReplicaSet',
  name: 'shop-1',
  uid: ownerUid,
  selector,
  wanted: 2,
  ready: 2,
});
const adopter = (name: string, selector: LabelSelector): Adopter => ({
  name,
  uid: name,
  selector,
  takes: () => true,
});
const pod: Labelled = {
  name: 'shop-1-x',
  uid,
  labels: { app: 'shop', hash: '1', tier: 'web', team: 'a' },
  owner: owner({ matchLabels: { app: 'shop', hash: '1' } }),
  services: [
    { name: 'shop', selector: { app: 'shop' } },
    { name: 'web', selector: { tier: 'web' } },
  ],
};
const none = { policies: [], adopters: [] };

describe('setAside', () => {
  it('takes the pod from its owner and out of every Service', () => {
    expect(setAside(pod, none, 'leave')).to.deep.equal({
      labels: { app: 'shop', hash: '1', tier: 'web' },
      leaves: true,
      services: [],
      policies: [],
      avoided: [],
    });
  });

  it('leaves the labels of the owner where the pod is to stay, and says which Services keep it', () => {
    const aside = setAside(pod, none, 'stay');
    expect(aside).to.deep.include({ labels: { tier: 'web' }, leaves: false, services: ['shop'] });
  });

  it('takes nothing off where it is not to be detached, and says what that leaves', () => {
    const aside = setAside(pod, none, 'none');
    expect(aside).to.deep.include({ labels: {}, leaves: false, services: ['shop', 'web'] });
  });

  it('takes a bare pod out of its Services', () => {
    const { name, labels, services } = pod;
    expect(setAside({ name, uid, labels, services }, none, 'stay')).to.deep.include({
      labels: { app: 'shop', tier: 'web' },
      leaves: false,
      services: [],
    });
  });

  it('takes it out of policies that allow something, and names those that select it all the same', () => {
    const policies = networkPolicies([
      { metadata: { name: 'team' }, spec: { podSelector: { matchLabels: { team: 'a' } }, ingress: [{}] } },
      { metadata: { name: 'closed' }, spec: { podSelector: { matchLabels: { x: 'y' } }, ingress: [] } },
      { metadata: { name: 'all' }, spec: { podSelector: {}, egress: [{}] } },
      {
        metadata: { name: 'not-web' },
        spec: {
          podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] },
          egress: [{}],
        },
      },
    ]);
    const aside = setAside(pod, { ...none, policies }, 'leave');
    expect(Object.keys(aside.labels)).to.deep.equal(['app', 'hash', 'tier', 'team']);
    expect(aside.policies).to.deep.equal(['networkpolicy/all', 'networkpolicy/not-web']);
  });

  it('avoids that another controller adopts the orphan, and says where it can’t', () => {
    const adopters = [
      adopter('replicaset/own', { matchLabels: { app: 'shop' } }),
      adopter('replicaset/team', { matchLabels: { team: 'a' } }),
    ];
    const avoided = setAside({ ...pod, services: [] }, { ...none, adopters }, 'leave');
    expect(avoided).to.deep.include({ avoided: ['replicaset/team'] });
    expect(Object.keys(avoided.labels)).to.deep.equal(['app', 'hash', 'team']);
    const greedy = adopter('replicaset/any', {
      matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }],
    });
    expect(setAside(pod, { ...none, adopters: [greedy] }, 'leave').adopter).to.equal('replicaset/any');
    expect(setAside(pod, { ...none, adopters }, 'stay').avoided).to.deep.equal([]);
  });

  it('does not say that an owner lets go which selects whatever the labels', () => {
    const any = { ...pod, owner: owner({ matchExpressions: [{ key: 'gone', operator: 'DoesNotExist' }] }) };
    expect(setAside(any, none, 'leave').leaves).to.equal(false);
  });

  it('never takes off our own label', () => {
    const ours = { ...pod, labels: { ...pod.labels, 'kubectl-ir/pod-uid': uid } };
    const adopters = [
      adopter('replicaset/odd', { matchExpressions: [{ key: 'kubectl-ir/pod-uid', operator: 'Exists' }] }),
    ];
    const aside = setAside(ours, { ...none, adopters }, 'leave');
    expect(aside.labels).not.to.have.property('kubectl-ir/pod-uid');
    expect(aside.adopter).to.equal('replicaset/odd');
  });
});

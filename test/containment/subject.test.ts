import { expect } from 'chai';
import { controllerOf } from '../../src/containment/subject.ts';
import { OperationError } from '../../src/output/errors.ts';
import { shopPod, shopSet, shopSubject } from './subjects.ts';

describe('describeSubject', () => {
  it('knows owner, services, addresses and containers', () => {
    const subject = shopSubject();
    expect(subject.owner).to.deep.include({
      kind: 'ReplicaSet',
      name: 'shop-1',
      deployment: 'shop',
      wanted: 2,
      ready: 2,
    });
    expect(subject.services).to.deep.equal([{ name: 'shop', selector: { app: 'shop' } }]);
    expect(subject).to.deep.include({
      address: '10.244.1.7',
      runtime: 'containerd 2.2.1',
      ports: [8080, 9100],
    });
    expect(subject.containerIds).to.deep.equal(['b'.repeat(64)]);
  });

  it('does not take a ReplicaSet of the same name for the owner', () => {
    const replicaSet = { ...shopSet(), metadata: { name: 'shop-1', uid: 'another' } };
    expect(shopSubject(shopPod(), { replicaSet }).owner).to.deep.equal({
      kind: 'ReplicaSet',
      name: 'shop-1',
    });
  });

  it('takes only addresses and container ids that are such', () => {
    const pod = shopPod();
    const status = {
      podIP: '10.0.0.1; reboot',
      podIPs: [{ ip: 'fd00::7' }, { ip: '$(id)' }],
      containerStatuses: [{ ...pod.status?.containerStatuses?.[0], containerID: 'containerd://../../x' }],
    } as NonNullable<typeof pod.status>;
    const subject = shopSubject({ ...pod, status });
    expect(subject).to.deep.include({ addresses: ['fd00::7'], containerIds: [] });
  });

  it('ignores a service without selector', () => {
    const services = [{ metadata: { name: 'external' }, spec: {} }];
    expect(shopSubject(shopPod(), { services }).services).to.deep.equal([]);
  });

  it('throws for a pod without a usable uid', () => {
    expect(() => shopSubject(shopPod({ metadata: { uid: 'x;y' } }))).to.throw(OperationError);
    expect(controllerOf(shopPod({ metadata: { ownerReferences: [] } }))).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { networkPolicies } from '../../src/containment/facts/policy.ts';
import { OperationError } from '../../src/output/errors.ts';
import { shopPod, shopSubject } from './subjects.ts';

describe('describeSubject', () => {
  it('knows owner, services, addresses and containers', () => {
    const subject = shopSubject();
    expect(subject.owner).to.deep.include({
      kind: 'ReplicaSet',
      name: 'shop-1',
      above: 'deployment/shop',
      wanted: 2,
      ready: 2,
    });
    expect(subject.services).to.deep.equal([{ name: 'shop', selector: { app: 'shop' }, readyElsewhere: 1 }]);
    expect(subject).to.deep.include({
      address: '10.244.1.7',
      runtime: 'containerd 2.2.1',
      ports: [8080, 9100],
    });
    expect(subject.containerIds).to.deep.equal(['b'.repeat(64)]);
  });

  it('knows the containers that share the link, and of its annotations those that we may change', () => {
    const initContainers = [
      { name: 'mesh', image: 'x', restartPolicy: 'Always' },
      { name: 'once', image: 'x' },
    ];
    const annotations = { 'example.org/x': 'y', 'karpenter.sh/do-not-disrupt': 'false' };
    const pod = shopPod({ metadata: { annotations }, spec: { containers: [], initContainers } });
    expect(shopSubject(pod)).to.deep.include({
      containers: ['mesh'],
      annotations: { 'karpenter.sh/do-not-disrupt': 'false' },
    });
  });

  it('knows the policies that select it', () => {
    const policies = networkPolicies([
      { metadata: { name: 'open' }, spec: { podSelector: {}, ingress: [{}] } },
      { metadata: { name: 'other' }, spec: { podSelector: { matchLabels: { app: 'x' } } } },
    ]);
    expect(shopSubject(shopPod(), { policies }).policies).to.deep.equal([
      { name: 'networkpolicy/open', allows: true },
    ]);
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
  });
});

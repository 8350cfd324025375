import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { planFacts } from '../../src/containment/present.ts';
import { refuseUnfit } from '../../src/containment/refusal.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { shopPod, shopSet, shopSubject, uid } from './subjects.ts';

describe('buildPlan', () => {
  it('cuts first, then denies, detaches and verifies', () => {
    const plan = buildPlan(shopSubject(), 'full');
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['cut', 'deny', 'detach', 'verify']);
    expect(plan.actions[0]).to.deep.include({ ports: [8080] });
    expect(plan.actions[2]).to.deep.include({ labels: { app: 'shop', 'pod-template-hash': '1' } });
    expect(plan.service).to.equal('service/shop drops it; replicaset/shop-1 starts a replacement');
  });

  it('denies both directions for this pod alone', () => {
    const deny = buildPlan(shopSubject(), 'deny').actions[0];
    expect(deny?.kind === 'deny' && deny.policy.spec).to.deep.equal({
      podSelector: { matchLabels: { 'kubectl-ir/pod-uid': uid } },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('keeps the labels of a pod that nothing would replace, and says so', () => {
    const bare = shopPod({ metadata: { ownerReferences: [] } });
    const plan = buildPlan(shopSubject(bare), 'full');
    expect(plan.actions.map((action) => action.kind)).to.deep.equal(['cut', 'deny', 'verify']);
    expect(plan.service).to.equal(
      'no owner, so nothing replaces it; service/shop keeps it as an endpoint that does not answer',
    );
  });

  it('warns of policies that add up and of a ReplicaSet that cannot be left', () => {
    const policies = [
      { metadata: { name: 'open' }, spec: { podSelector: {}, ingress: [{}] } },
      { metadata: { name: 'closed' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    ];
    const replicaSet = shopSet({ selector: {} });
    const { warnings } = buildPlan(shopSubject(shopPod(), { policies, replicaSet }), 'full');
    expect(warnings).to.have.length(2);
    expect(warnings[1]).to.match(/^networkpolicy open allows/);
  });

  it('is told line by line', () => {
    expect(
      planFacts(buildPlan(shopSubject(), 'full')).map(({ label, text }) => `${label}: ${text}`),
    ).to.deep.equal([
      'Pod: shop-1-x on node-a, containerd 2.2.1, owner deployment/shop (2 of 2 ready), service/shop',
      'Network: established connections survive a policy, so the link is cut too (level: nft, full)',
      "Clock: liveness :8080 every 2s x3; only kubelet's probes stay open, so nothing restarts; without that the first restart came after 6s",
      'Service: service/shop drops it; replicaset/shop-1 starts a replacement',
      'Plan: 1  cut      link of the pod on node-a, both ways, IPv4 and IPv6, kubelet probes to :8080 excepted',
      `: 2  deny     networkpolicy/ir-${uid}`,
      ': 3  detach   labels app=shop, pod-template-hash=1 set aside; replicaset/shop-1 starts a replacement',
      ': 4  verify   flows tried before and after, from the node',
    ]);
  });
});

describe('refuseUnfit', () => {
  const base = aPod('web');
  const cases: readonly [string, Pod, RegExp][] = [
    [
      'hostNetwork',
      { ...base, spec: { ...base.spec, hostNetwork: true, containers: [], nodeName: 'node-a' } },
      /cutting it would cut the node/,
    ],
    [
      'static',
      { ...base, metadata: { ...base.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } },
      /static pod/,
    ],
    ['Windows', { ...base, spec: { nodeName: 'w', containers: [], os: { name: 'windows' } } }, /Windows/],
    ['pending', { ...base, status: { phase: 'Pending' } }, /not running \(Pending\)/],
    ['unscheduled', { ...base, spec: { containers: [] } }, /not running/],
    [
      'being deleted',
      { ...base, metadata: { ...base.metadata, deletionTimestamp: '2026-11-22T04:00:00Z' } },
      /being deleted/,
    ],
  ];
  for (const [name, pod, message] of cases)
    it(`refuses a pod that is ${name}, with advice`, () => {
      try {
        refuseUnfit(pod, aNode('node-a'));
        expect.fail('not refused');
      } catch (error) {
        expect(error).to.be.instanceOf(OperationError).with.property('message').that.matches(message);
        expect(error).to.have.property('advice').that.is.a('string');
      }
    });

  it('lets an ordinary pod pass', () => {
    refuseUnfit(base, aNode('node-a'));
  });
});

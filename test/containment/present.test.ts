import { expect } from 'chai';
import type { Isolation } from '../../src/containment/isolation.ts';
import { buildPlan, type Wishes } from '../../src/containment/plan.ts';
import { planFacts, verdictText } from '../../src/containment/present.ts';
import { shopPod, shopProspect, uid } from './subjects.ts';

describe('planFacts', () => {
  it('is told line by line', () => {
    expect(planFacts(buildPlan(shopProspect())).map(({ label, text }) => `${label}: ${text}`)).to.deep.equal([
      'Pod: shop-1-x on node-a, containerd 2.2.1, owner deployment/shop (2 of 2 ready), service/shop',
      'Network: established connections survive a policy, so the link is cut too (expected level: nft full)',
      "Clock: liveness :8080 every 2s x3; only kubelet's probes stay open, so nothing restarts; otherwise the first restart would come after 6s",
      ': logs rotate at 10Mi and 5 files unless the kubelet says otherwise; an application may exit by itself when its connections die',
      'Service: service/shop drops it; replicaset/shop-1 starts a replacement',
      `Plan: 1  guard    poddisruptionbudget against eviction, validatingadmissionpolicy against deletion (ir-${uid}); annotations against autoscalers`,
      ': 2  cut      link of the pod on node-a, both ways, IPv4 and IPv6, kubelet probes to :8080 excepted',
      ': 3  inside   second layer in the network of the pod, kubelet probes excepted; loopback untouched',
      `: 4  deny     networkpolicy/ir-${uid}`,
      ': 5  detach   labels app=shop, pod-template-hash=1 set aside; replicaset/shop-1 starts a replacement',
      ': 6  verify   flows tried before and after, inbound from two unprivileged pods that are removed after',
      'Guard: not stopped: eviction by the kubelet under pressure, restart of a container, reboot or loss of the node',
      ': will wait until it is released: kubectl drain node-a, the deletion of namespace default',
      ': still open to anyone with the right: exec, attach, port-forward and logs of the pod through the API, which need no link',
    ]);
  });

  it('has a line for each of what else is known', () => {
    const plan = buildPlan(shopProspect(undefined, { gaps: ['services: you may not list them'] }));
    const siblings = [{ namespace: 'prod', name: 'other', shares: ['service account'] }];
    const subject = { ...plan.subject, containers: ['web', 'mesh'], owner: { kind: 'CloneSet', name: 'c' } };
    const lines = planFacts({
      ...plan,
      subject,
      serves: ['it is part of the cluster'],
      stops: ['writes stop'],
      leftOut: [{ kind: 'cut', summary: '', why: 'you may not create pods' }],
      warnings: ['a policy is open'],
      outlook: { ...plan.outlook, siblings },
    }).map(({ label, text }) => `${label}: ${text}`);
    expect(lines[0]).to.match(/, owner cloneset\/c, service\/shop$/);
    expect(lines).to.include.members([
      ': its containers web, mesh share the link that is cut',
      ': a policy is open',
      'Serves: it is part of the cluster',
      'Shares: service account with 1 pod: prod/other',
      'Unseen: not looked at: services: you may not list them',
      ': -  cut      left out: you may not create pods',
      'Refused: writes stop',
    ]);
  });

  it('says what is left to stop traffic when the link is not cut', () => {
    const network = (skip: NonNullable<Wishes['skip']>): string | undefined =>
      planFacts(buildPlan(shopProspect(), { skip })).find(({ label }) => label === 'Network')?.text;
    expect(network(['cut'])).to.equal(
      'the link is not cut; what stops traffic: the layer in the pod, which anyone who may change rules there can remove; the policy, which established connections survive on most networks, and which some do not enforce (level: policy)',
    );
    expect(network(['cut', 'inside'])).to.match(/stops traffic: the policy, /);
    expect(network(['cut', 'inside', 'deny'])).to.match(/stops traffic: nothing \(level: policy\)$/);
  });

  it('says of a pod without probes that nothing restarts it', () => {
    const quiet = shopPod({ spec: { containers: [{ name: 'web', image: 'registry.example/shop:1' }] } });
    const clock = planFacts(buildPlan(shopProspect(quiet), { skip: ['cut'] })).find(
      (fact) => fact.label === 'Clock',
    );
    expect(clock?.text).to.match(/^no probe restarts a container/);
  });
});

describe('verdictText', () => {
  const isolation = (changes: Partial<Isolation>): Isolation => ({
    apiVersion: 'kubectl-ir/v1',
    kind: 'Isolation',
    pod: { namespace: 'default', name: 'shop-1-x', uid, node: 'node-a' },
    actions: [],
    clock: { cut: 0.344, verdict: 2 },
    level: 'nft full',
    verification: { verdict: 'HOLDS', seconds: 1, checks: [], reasons: [], gaps: [] },
    leaks: [],
    undo: { command: '', record: '' },
    ...changes,
  });

  it('begins with the verdict', () => {
    expect(verdictText(isolation({}))).to.equal(
      'HOLDS   pod/shop-1-x isolated; no byte of it passed later than 0.34s after the command',
    );
  });

  it('names each leak with what to do, safe for a terminal', () => {
    const verification = { verdict: 'LEAKS', seconds: 1, checks: [], reasons: [], gaps: [] } as const;
    const leaks = [
      { flow: 'udp a -> b\u001b[2J', seen: '1.0Ki in 1s', why: 'open', advice: 'cut', passed: true },
    ];
    const lines = verdictText(isolation({ verification, leaks })).split('\n');
    expect(lines[0]).to.equal('LEAKS   pod/shop-1-x still exchanges data');
    expect(lines[1]).to.match(/^FLOW +SEEN +WHY +DO$/);
    expect(lines[2]).to.match(/^udp a -> b\\x1b\[2J {3}1\.0Ki in 1s {3}open {3}cut$/);
  });

  it('does not say that data is exchanged when one of two layers still holds', () => {
    const verification = { verdict: 'LEAKS', seconds: 1, checks: [], reasons: [], gaps: [] } as const;
    const leaks = [{ flow: 'tcp', seen: '2 packets', why: 'gone', advice: 'look', passed: false }];
    expect(verdictText(isolation({ verification, leaks }))).to.match(/^LEAKS {3}pod\/shop-1-x gets past one/);
  });

  it('says why it is not verified', () => {
    const verification = {
      verdict: 'UNVERIFIED',
      seconds: 1,
      checks: [],
      reasons: ['no nft', 'link \u001b[2J of the pod'],
      gaps: [],
    } as const;
    expect(verdictText(isolation({ verification }))).to.match(
      /^UNVERIFIED {3}pod\/shop-1-x.*\n {3}no nft\n {3}link \\x1b\[2J of the pod$/,
    );
  });
});

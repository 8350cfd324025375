import { expect } from 'chai';
import type { ApiGroups } from '../../../src/cluster/discovery.ts';
import { performDeny, planDeny, undoDeny, validateDeny } from '../../../src/containment/acts/deny.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopSubject, uid } from '../subjects.ts';
import { networkKinds, networkPolicy } from '../../../src/containment/acts/deny-objects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('deny', () => {
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());
  const groups: ApiGroups = new Map([['networking.k8s.io', ['v1']]]);
  const policies = (): unknown[] => lab.fake.list('networkpolicies.networking.k8s.io');

  it('is planned for both directions and this pod alone', () => {
    const { policies: planned, summary } = planDeny(shopSubject(), groups);
    expect(summary).to.equal(`networkpolicy/ir-${uid}`);
    expect(planned.map(({ spec }) => spec)).to.deep.equal([
      {
        podSelector: { matchLabels: { 'kubectl-ir/pod-uid': uid } },
        policyTypes: ['Ingress', 'Egress'],
      },
    ]);
  });

  it('places the policy twice as well as once, and takes it away twice', async () => {
    const standing: string[] = [];
    const at = performing(lab, collector, standing);
    for (let i = 0; i < 2; i += 1) await performDeny(planDeny(shopSubject(), groups), at);
    expect(standing[0]).to.equal(`networkpolicy/ir-${uid} and our label on the pod`);
    expect(policies()).to.have.length(1);
    expect(lab.livePod().metadata.labels).to.include({ 'kubectl-ir/pod-uid': lab.uid });
    expect(await undoDeny(undefined, undoing(lab, collector))).to.equal(`networkpolicy/ir-${uid} deleted`);
    expect(await undoDeny(undefined, undoing(lab, collector))).to.equal(`no networkpolicy/ir-${uid}`);
    expect(policies()).to.deep.equal([]);
  });

  it('is validated without being placed', async () => {
    const lines = await validateDeny(planDeny(shopSubject(), groups), performing(lab, collector));
    expect(lines[0]).to.equal(`networkpolicy.networking.k8s.io/ir-${uid} created (server dry run)`);
    expect(policies()).to.deep.equal([]);
  });

  it('leaves a policy of its name alone that does not carry our label', async () => {
    lab.fake.put({ ...networkPolicy(shopSubject()), metadata: { name: `ir-${uid}`, namespace: 'default' } });
    expect(await refusal(undoDeny(undefined, undoing(lab, collector)))).to.match(/does not carry our label/);
    expect(policies()).to.have.length(1);
  });

  it('does not take for its own a policy that says something else', async () => {
    const open = { ...networkPolicy(shopSubject()), spec: { podSelector: {}, ingress: [{}] } };
    lab.fake.put(open);
    const action = planDeny(shopSubject(), groups);
    expect(await refusal(performDeny(action, performing(lab, collector)))).to.match(
      /is there already and says something else$/,
    );
  });

  it('places the kinds of other networks beside it where the API has them, and takes them away', async () => {
    const both: ApiGroups = new Map([
      ['cilium.io', ['v2']],
      ['projectcalico.org', ['v3']],
    ]);
    const action = planDeny(shopSubject(), both);
    expect(action.networks).to.deep.equal(['cilium', 'calico']);
    expect((await performDeny(action, performing(lab, collector))).outcome).to.equal('done');
    const found = (): string[] =>
      Object.values(networkKinds).flatMap(({ apiVersion, resource }) =>
        lab.fake.list(`${resource}.${apiVersion.split('/')[0] ?? ''}`).map(({ kind }) => kind),
      );
    expect(found()).to.deep.equal(['CiliumNetworkPolicy', 'NetworkPolicy']);
    expect(await undoDeny(undefined, undoing(lab, collector))).to.equal(
      `networkpolicy/ir-${uid}, ciliumnetworkpolicies/ir-${uid}, networkpolicies/ir-${uid} deleted`,
    );
    expect(found()).to.deep.equal([]);
  });

  it('says which of them it may not make, and which the server refused', async () => {
    const cilium: ApiGroups = new Map([['cilium.io', ['v2']]]);
    const right = { verb: 'create', group: 'cilium.io', resource: 'ciliumnetworkpolicies' };
    const lacking = planDeny(shopSubject(), cilium, [right]);
    expect(await performDeny(lacking, performing(lab, collector))).to.deep.equal({
      outcome: 'part',
      detail: `networkpolicy/ir-${uid}; not placed: you may not create ciliumnetworkpolicies.cilium.io`,
    });
    lab.fake.deny({ verb: 'create', resource: 'ciliumnetworkpolicies' });
    const refused = await performDeny(planDeny(shopSubject(), cilium), performing(lab, collector));
    expect(refused.outcome).to.equal('part');
    expect(refused.detail).to.match(/not placed: cannot create ciliumnetworkpolicies/);
  });
});

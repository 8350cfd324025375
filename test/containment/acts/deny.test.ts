import { expect } from 'chai';
import { performDeny, planDeny, undoDeny, validateDeny } from '../../../src/containment/acts/deny.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopSubject, uid } from '../subjects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('deny', () => {
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());
  const policies = (): unknown[] => lab.fake.list('networkpolicies.networking.k8s.io');

  it('is planned for both directions and this pod alone', () => {
    expect(planDeny(shopSubject()).policy.spec).to.deep.equal({
      podSelector: { matchLabels: { 'kubectl-ir/pod-uid': uid } },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('places the policy twice as well as once, and takes it away twice', async () => {
    const standing: string[] = [];
    const at = performing(lab, collector, standing);
    for (let i = 0; i < 2; i += 1) await performDeny(planDeny(shopSubject()), at);
    expect(standing[0]).to.equal(`networkpolicy/ir-${uid} and our label on the pod`);
    expect(policies()).to.have.length(1);
    expect(lab.livePod().metadata.labels).to.include({ 'kubectl-ir/pod-uid': lab.uid });
    expect(await undoDeny(undoing(lab, collector))).to.equal(`networkpolicy/ir-${uid} deleted`);
    expect(await undoDeny(undoing(lab, collector))).to.equal(`no networkpolicy/ir-${uid}`);
    expect(policies()).to.deep.equal([]);
  });

  it('is validated without being placed', async () => {
    const lines = await validateDeny(planDeny(shopSubject()), performing(lab, collector));
    expect(lines[0]).to.equal(`networkpolicy.networking.k8s.io/ir-${uid} created (server dry run)`);
    expect(policies()).to.deep.equal([]);
  });

  it('leaves a policy of its name alone that does not carry our label', async () => {
    const { policy } = planDeny(shopSubject());
    lab.fake.put({ ...policy, metadata: { name: `ir-${uid}`, namespace: 'default' } });
    expect(await refusal(undoDeny(undoing(lab, collector)))).to.match(/does not carry our label/);
    expect(policies()).to.have.length(1);
  });
});

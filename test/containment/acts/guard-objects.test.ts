import { expect } from 'chai';
import { guardObjects, guardRefs } from '../../../src/containment/acts/guard-objects.ts';
import { uid } from '../subjects.ts';

describe('guard objects', () => {
  const pod = { namespace: 'prod', uid };

  it('are as many as are wanted, each with our label', () => {
    expect(guardObjects({ budget: false, policy: false }, pod)).to.deep.equal([]);
    const all = guardObjects({ budget: true, policy: true }, pod);
    expect(all.map(({ kind }) => kind)).to.deep.equal([
      'PodDisruptionBudget',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
    for (const { metadata } of all) expect(metadata.labels).to.deep.equal({ 'kubectl-ir/pod-uid': uid });
  });

  it('bind the policy to the pod as it was, in its own namespace', () => {
    const [policy] = guardObjects({ budget: false, policy: true }, pod);
    expect(policy?.spec).to.deep.include({ failurePolicy: 'Fail' });
    expect(policy?.spec).to.have.nested.property(
      'matchConstraints.namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name',
      'prod',
    );
    expect(policy?.spec)
      .to.have.property('matchConditions')
      .that.deep.equals([{ name: 'this-pod', expression: `oldObject.metadata.uid == "${uid}"` }]);
  });

  it('are taken away binding first', () => {
    const { policy, budget } = guardRefs(pod);
    expect(policy.map(({ resource }) => resource)).to.deep.equal([
      'validatingadmissionpolicybindings',
      'validatingadmissionpolicies',
    ]);
    expect(budget).to.deep.include({ namespace: 'prod', name: `ir-${uid}` });
  });

  it('are not made of anything but a uid', () => {
    expect(() =>
      guardObjects({ budget: true, policy: true }, { namespace: 'prod', uid: '"; true' }),
    ).to.throw('no uid');
  });
});

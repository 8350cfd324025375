import { expect } from 'chai';
import { tokenObjects, tokenRefs } from '../../../src/containment/acts/token-objects.ts';
import { uid } from '../subjects.ts';

describe('tokenObjects', () => {
  it('refuse writes of tokens that are bound to the pod, and a trial', () => {
    const [policy, binding] = tokenObjects(uid);
    const spec = policy?.spec as { matchConditions: { expression: string }[] };
    expect(spec.matchConditions[0]?.expression)
      .to.include(`"${uid}" in request.userInfo.extra["authentication.kubernetes.io/pod-uid"]`)
      .and.include(`request.name == "ir-token-trial-${uid}"`);
    expect(binding?.spec).to.deep.equal({ policyName: `ir-token-${uid}`, validationActions: ['Deny'] });
    expect(tokenRefs(uid).map(({ name }) => name)).to.deep.equal([
      policy?.metadata.name,
      binding?.metadata.name,
    ]);
  });

  it('take no other text for a uid', () => {
    expect(() => tokenObjects('" || true || "')).to.throw('no uid');
  });
});

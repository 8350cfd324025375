import { expect } from 'chai';
import { bindingRef, subjectsIn } from '../../../src/containment/acts/binding-subjects.ts';

describe('subjects of bindings', () => {
  const subject = { kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' };
  const cut = { name: 'maps', uid: 'u', own: [{ index: 0, subject }] };

  it('are the same only in every part', () => {
    const roleRef = { apiGroup: '', kind: 'Role', name: 'maps' };
    const subjects = [subject, { ...subject, name: 'joe' }, { ...subject, namespace: 'prod' }];
    expect(subjectsIn({ roleRef, subjects }, cut)).to.deep.equal([subject]);
    expect(subjectsIn({ roleRef }, cut)).to.deep.equal([]);
  });

  it('lie in a namespace or in none', () => {
    expect(bindingRef(cut).resource).to.equal('clusterrolebindings');
    expect(bindingRef({ ...cut, namespace: 'prod' })).to.include({
      resource: 'rolebindings',
      namespace: 'prod',
    });
  });
});

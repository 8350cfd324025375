import { expect } from 'chai';
import { baselineChanges } from '../../../src/incident/change/baseline-changes.ts';
import { aClusterObject, anObject, at, deployment } from './change-lab.ts';

const policy = anObject('networking.k8s.io/v1', 'NetworkPolicy', 'p', { spec: { podSelector: {} } });
const view = { whole: new Set(['networkpolicies']), namespaces: new Set(['prod']), time: at(30) };

describe('baselineChanges', () => {
  it('tell what is gone, and how to make it again', () => {
    const [made, ...more] = baselineChanges({ ...view, before: [policy, {}], after: [] });
    expect(more).to.deep.equal([]);
    expect(made).to.deep.include({
      action: 'deleted',
      atLatest: true,
      time: at(30),
      fields: [{ path: 'spec.podSelector', before: '{}' }],
    });
    expect(made?.rollback).to.match(/^printf .* \| kubectl create -f -$/);
  });

  it('tell what is different, and how to put it back', () => {
    const [made] = baselineChanges({
      ...view,
      before: [deployment({ spec: { replicas: 2 } })],
      after: [deployment({ spec: { replicas: 0 }, metadata: { resourceVersion: '9' } })],
    });
    expect(made?.fields).to.deep.equal([{ path: 'spec.replicas', before: '2', after: '0' }]);
    expect(made?.rollback).to.match(/\| kubectl replace -f -$/);
    expect(baselineChanges({ ...view, before: [policy], after: [policy] })).to.deep.equal([]);
  });

  it('take nothing for gone that was not looked for', () => {
    const elsewhere = { ...policy, metadata: { name: 'p', namespace: 'dev' } };
    const binding = aClusterObject('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'b');
    expect(baselineChanges({ ...view, before: [elsewhere, binding], after: [] })).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { affectedBy } from '../../../src/incident/change/affected.ts';
import { change, type ConfigurationChange, type ObjectName } from '../../../src/incident/change/change.ts';
import { Nearnesses } from '../../../src/incident/change/nearness.ts';
import { aClusterObject, anObject, at, deployment, podOf, replicaSet } from './change-lab.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const affected = affectedBy([podOf(1, 'web-1-x')], [deployment(), replicaSet(1, 0)]);
const binding = aClusterObject(rbac, 'ClusterRoleBinding', 'b', {
  roleRef: { kind: 'ClusterRole', name: 'admin' },
  subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }],
});

function about(object: Partial<ObjectName>, more: Partial<ConfigurationChange> = {}): ConfigurationChange {
  const name = { apiVersion: 'v1', kind: 'X', name: 'x', ...object };
  return change({ time: at(0), source: 'object', object: name, action: 'changed', what: '', ...more });
}

function levelOf(object: Partial<ObjectName>, more: Partial<ConfigurationChange> = {}): string | undefined {
  const one = about(object, more);
  return new Nearnesses(affected, [binding], [one]).of(one)?.level;
}

describe('Nearnesses', () => {
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'prod', name: 'p' };
  const selecting = (podSelector: unknown): Partial<ConfigurationChange> => ({
    bodies: [anObject('networking.k8s.io/v1', 'NetworkPolicy', 'p', { spec: { podSelector } })],
  });

  it('put the owners first, then rights, policies, the beginning, the namespace, the cluster', () => {
    expect(levelOf(web)).to.equal('own');
    expect(levelOf({ kind: 'Pod', namespace: 'prod', name: 'web-1-x' })).to.equal('own');
    expect(levelOf({ kind: 'ServiceAccount', namespace: 'prod', name: 'shop' })).to.equal('account');
    expect(
      levelOf({ apiVersion: rbac, kind: 'ClusterRoleBinding', name: 'b' }, { bodies: [binding] }),
    ).to.equal('account');
    expect(levelOf({ apiVersion: rbac, kind: 'ClusterRole', name: 'admin' })).to.equal('account');
    expect(levelOf(policy, selecting({ matchLabels: { app: 'web' } }))).to.equal('policy');
    expect(levelOf(policy, selecting({}))).to.equal('policy');
    expect(levelOf(web, { action: 'created' })).to.equal('beginning');
    expect(levelOf({ kind: 'Namespace', name: 'prod' }, { action: 'created' })).to.equal('beginning');
    expect(levelOf({ kind: 'Namespace', name: 'prod' })).to.equal('namespace');
    expect(levelOf({ kind: 'ConfigMap', namespace: 'prod', name: 'c' })).to.equal('namespace');
    expect(levelOf({ apiVersion: rbac, kind: 'ClusterRole', name: 'other' })).to.equal('cluster');
  });

  it('keep what is not known near: a policy that was deleted may have selected the pod', () => {
    expect(levelOf(policy, { action: 'deleted' })).to.equal('policy');
    expect(levelOf(policy, selecting({ matchExpressions: [{ key: 'app', operator: 'Like' }] }))).to.equal(
      'policy',
    );
  });

  it('put what is about others farther, and leave other namespaces out', () => {
    expect(levelOf(policy, selecting({ matchLabels: { app: 'db' } }))).to.equal('namespace');
    expect(levelOf({ kind: 'ServiceAccount', namespace: 'prod', name: 'other' })).to.equal('namespace');
    expect(levelOf({ kind: 'ConfigMap', namespace: 'dev', name: 'c' })).to.equal(undefined);
    expect(levelOf({ kind: 'Namespace', name: 'dev' })).to.equal(undefined);
    expect(levelOf({ ...policy, namespace: 'dev' })).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { rollouts } from '../../../src/incident/change/rollouts.ts';
import { anObject, at, deployment, ownedBy, replicaSet, template } from './change-lab.ts';

describe('rollouts', () => {
  it('compare each revision of a Deployment with the one before, and say how to go back', () => {
    const made = rollouts(
      [deployment()],
      [replicaSet(10, 9, { image: 'shop:2' }), replicaSet(2, 5, { tty: true }), replicaSet(1, 0)],
    );
    expect(made.map(({ time, what, rollback }) => [time, what, rollback])).to.deep.equal([
      [at(5), 'revision 1 -> 2', 'kubectl rollout undo deployment/web -n prod --to-revision=1'],
      [at(9), 'revision 2 -> 10', 'kubectl rollout undo deployment/web -n prod --to-revision=2'],
    ]);
    expect(made[0]?.fields).to.deep.equal([
      { path: 'spec.template.spec.containers[web].tty', after: 'true' },
    ]);
    expect(made[1]?.fields.map(({ path }) => path)).to.deep.equal([
      'spec.template.spec.containers[web].image',
      'spec.template.spec.containers[web].tty',
    ]);
  });

  it('know a revision that was gone back to only at the latest', () => {
    const again = replicaSet(3, 0) as { metadata: object };
    const managedFields = [
      { manager: 'kubelet', subresource: 'status', operation: 'Update', time: at(30) },
      { manager: 'kube-controller-manager', operation: 'Update', time: at(20) },
    ];
    const [left, made] = rollouts(
      [deployment()],
      [replicaSet(2, 5, { tty: true }), { ...again, metadata: { ...again.metadata, managedFields } }],
    );
    expect(made).to.deep.include({
      time: at(20),
      atLatest: true,
      what: 'revision 2 -> 3, which had been there before',
    });
    expect(left?.what).to.equal('revision 2, after what is revision 3 now');
    expect(left?.fields).to.have.length(1);
  });

  it('tell of a revision whose predecessor is gone, and not of a first one', () => {
    const [made, ...more] = rollouts([deployment()], [replicaSet(7, 5)]);
    expect(made).to.deep.include({
      what: 'revision 7; the one before is no longer kept',
      noRollback: 'the revision before it is no longer kept',
    });
    expect(more).to.deep.equal([]);
    expect(rollouts([deployment()], [replicaSet(1, 5)])).to.deep.equal([]);
  });

  it('read ControllerRevisions of DaemonSets and StatefulSets', () => {
    const revision = (number: number, container: object): object =>
      anObject('apps/v1', 'ControllerRevision', `agent-${number}`, {
        metadata: { ownerReferences: ownedBy('DaemonSet', 'agent'), creationTimestamp: at(number) },
        revision: number,
        data: { spec: { template: { ...template(container), $patch: 'replace' } } },
      });
    const [made] = rollouts([anObject('apps/v1', 'DaemonSet', 'agent')], [
      revision(1, {}),
      revision(2, { image: 'other' }),
    ] as Parameters<typeof rollouts>[1]);
    expect(made?.fields).to.deep.equal([
      { path: 'spec.template.spec.containers[web].image', before: '"shop:1"', after: '"other"' },
    ]);
    expect(made?.rollback).to.equal('kubectl rollout undo daemonset/agent -n prod --to-revision=1');
  });

  it('take hostile objects for none, and never those of others', () => {
    const hostile = [
      {},
      { kind: 'ReplicaSet', metadata: { name: 'x' } },
      anObject('apps/v1', 'ReplicaSet', 'x', {
        metadata: {
          annotations: { 'deployment.kubernetes.io/revision': '1; rm -rf /' },
          ownerReferences: ownedBy('Deployment', 'web'),
        },
        spec: { template: {} },
      }),
      anObject('apps/v1', 'ReplicaSet', 'y', {
        metadata: {
          annotations: { 'deployment.kubernetes.io/revision': '1' },
          ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'another', controller: true }],
        },
        spec: { template: {} },
      }),
    ];
    expect(rollouts([deployment(), {}], [...hostile, replicaSet(2, 5), replicaSet(1, 0)])).to.have.length(1);
  });
});

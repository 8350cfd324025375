import { expect } from 'chai';
import type { DaemonSet, Job, Pod, StatefulSet } from '../../../src/cluster/objects.ts';
import { returnOf } from '../../../src/containment/facts/return.ts';
import { aPod } from '../../fake-api/builders.ts';
import { shopSet } from '../subjects.ts';

const pod = (
  name: string,
  changes: { labels?: Record<string, string>; created?: string; ready?: string } = {},
): Pod => {
  const { labels = {}, created = '2026-11-22T04:00:00Z', ready = '2026-11-22T04:00:01Z' } = changes;
  const base = aPod(name);
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: ready }];
  return {
    ...base,
    metadata: { name, labels, creationTimestamp: created },
    status: { ...base.status, conditions },
  };
};

describe('returnOf', () => {
  const me = pod('web-1', { labels: { 'controller-revision-hash': 'a', 'pod-template-generation': '1' } });
  const younger = pod('other', { created: '2026-11-22T05:00:00Z', ready: '2026-11-22T05:00:00Z' });

  it('to a ReplicaSet makes one pod too many when it has all it wants', () => {
    expect(returnOf('ReplicaSet', shopSet(), me, [younger, younger])).to.deep.equal({ surplus: true });
    expect(returnOf('ReplicaSet', shopSet(), me, [younger])).to.deep.equal({ surplus: false });
    expect(returnOf('ReplicaSet', shopSet({ replicas: 0 }), me, [])).to.deep.equal({
      ends: 'wants no pods now',
    });
  });

  it('to a DaemonSet ends the pod when its template changed or an older pod is there', () => {
    const set = (generation: string, type = 'RollingUpdate'): DaemonSet =>
      ({
        metadata: { annotations: { 'deprecated.daemonset.template.generation': generation } },
        spec: { updateStrategy: { type } },
        status: { desiredNumberScheduled: 2 },
      }) as unknown as DaemonSet;
    expect(returnOf('DaemonSet', set('1'), me, [younger])).to.deep.equal({ surplus: true });
    expect(returnOf('DaemonSet', set('1'), me, [])).to.deep.equal({ surplus: false });
    expect(returnOf('DaemonSet', set('2'), me, [younger])).to.have.property('ends');
    expect(returnOf('DaemonSet', set('2', 'OnDelete'), me, [younger])).to.deep.equal({ surplus: true });
    const older = pod('old', { created: '2026-11-22T03:00:00Z' });
    expect(returnOf('DaemonSet', set('1'), me, [older])).to.deep.equal({
      ends: 'has an older pod on that node',
    });
  });

  it('to a StatefulSet ends the pod when its number or its revision is gone', () => {
    const set = (replicas: number, updateRevision: string, updateStrategy: object = {}): StatefulSet =>
      ({ spec: { replicas, updateStrategy }, status: { updateRevision } }) as unknown as StatefulSet;
    expect(returnOf('StatefulSet', set(2, 'a'), me, [])).to.deep.equal({ surplus: false });
    expect(returnOf('StatefulSet', set(1, 'a'), me, [])).to.deep.equal({
      ends: 'wants no pod of its number now',
    });
    expect(returnOf('StatefulSet', set(2, 'b'), me, [])).to.have.property('ends');
    expect(returnOf('StatefulSet', set(2, 'b', { type: 'OnDelete' }), me, [])).to.deep.equal({
      surplus: false,
    });
    expect(returnOf('StatefulSet', set(2, 'b', { rollingUpdate: { partition: 2 } }), me, [])).to.deep.equal({
      surplus: false,
    });
    expect(returnOf('StatefulSet', set(2, 'a'), pod('strange'), [])).to.have.property('ends');
  });

  it('to a Job keeps the pod that is ready for the longest time', () => {
    const job = (spec: object, conditions: object[] = []): Job =>
      ({ spec, status: { conditions } }) as unknown as Job;
    expect(returnOf('Job', job({}), me, [younger])).to.deep.equal({ surplus: true });
    expect(returnOf('Job', job({}), younger, [me])).to.have.property('ends');
    expect(returnOf('Job', job({ parallelism: 2 }), younger, [me])).to.deep.equal({ surplus: false });
    expect(returnOf('Job', job({ suspend: true }), me, [])).to.have.property('ends');
    expect(returnOf('Job', job({}, [{ type: 'Complete', status: 'True' }]), me, [])).to.deep.equal({
      strange: 'has ended and takes no pod in',
    });
  });
});

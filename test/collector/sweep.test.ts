import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { collectorPod } from '../../src/collector/pod.ts';
import { deadlineSeconds } from '../../src/collector/our-pod.ts';
import { collectorState, findCollectors, sweep } from '../../src/collector/sweep.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { running } from './fake-kubelet.ts';

const now = new Date('2026-11-22T12:00:00Z');

/** A collector pod of that age in seconds. */
function collector(name: string, age: number, changes: Partial<Pod> = {}): Pod {
  const options = {
    name,
    namespace: 'kubectl-ir',
    node: 'node-a',
    image: 'i',
    subjectUid: 'u-1',
    spoolMiB: 64,
  };
  const pod = { ...running(collectorPod({ ...options, caseName: 'ir-case' })), ...changes };
  const creationTimestamp = new Date(Date.now() - age * 1000).toISOString();
  return { ...pod, metadata: { ...pod.metadata, ...changes.metadata, creationTimestamp } };
}

describe('collectorState', () => {
  const at = (age: number, changes: Partial<Pod> = {}): string => {
    const pod = collector('a', 0, changes);
    const creationTimestamp = new Date(now.getTime() - age * 1000).toISOString();
    return collectorState({ ...pod, metadata: { ...pod.metadata, creationTimestamp } }, now);
  };

  it('is dead when it ended, or is past all its times', () => {
    expect(at(10, { status: { phase: 'Succeeded' } })).to.equal('dead');
    expect(at(10, { status: { phase: 'Failed' } })).to.equal('dead');
    expect(at(deadlineSeconds + 301)).to.equal('dead');
    expect(at(601, { status: { phase: 'Pending' } })).to.equal('dead');
  });

  it('may be in use until then', () => {
    expect(at(deadlineSeconds)).to.equal('live');
    expect(at(599, { status: { phase: 'Pending' } })).to.equal('live');
    expect(at(-100_000)).to.equal('live');
  });

  it('is ending when it is being deleted', () => {
    expect(at(10, { metadata: { deletionTimestamp: 'x' } })).to.equal('ending');
  });

  it('is live when the clock or its age are not known', () => {
    expect(collectorState(collector('a', 1e6), new Date(NaN))).to.equal('live');
  });
});

describe('sweep', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster((fake) => {
    fake.put(collector('alive', 60));
    fake.put(collector('ended', 60, { status: { phase: 'Succeeded' } }));
    fake.put({
      ...aPod('other'),
      metadata: { name: 'other', namespace: 'kubectl-ir' },
      status: { phase: 'Failed' },
    });
  });

  it('deletes the dead and never the living or what is not ours', async () => {
    const swept = await sweep(cluster.api, 'kubectl-ir', signal);
    expect(swept.map(({ name }) => name)).to.deep.equal(['ended']);
    expect(cluster.fake.list('pods', 'kubectl-ir').map(({ metadata }) => metadata.name)).to.deep.equal([
      'alive',
      'other',
    ]);
    const body = cluster.fake.requests.find(({ method }) => method === 'DELETE')?.body;
    expect(body).to.have.property('gracePeriodSeconds', 1);
    expect(body).to.have.nested.property('preconditions.uid', swept[0]?.uid);
  });

  it('tells what it knows of a collector', async () => {
    const [found] = (await findCollectors(cluster.api, undefined, signal)).filter(
      ({ name }) => name === 'alive',
    );
    expect(found).to.deep.include({
      namespace: 'kubectl-ir',
      node: 'node-a',
      subjectUid: 'u-1',
      caseName: 'ir-case',
      state: 'live',
    });
  });

  it('does nothing for a user without the rights', async () => {
    cluster.fake.deny({ verb: 'list', resource: 'pods' });
    expect(await sweep(cluster.api, 'kubectl-ir', signal)).to.deep.equal([]);
  });
});

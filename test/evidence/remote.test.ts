import { expect } from 'chai';
import { collectRemotely } from '../../src/evidence/remote.ts';
import { sleepFor } from '../../src/output/io.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';
import { acquired } from './acquired.ts';

const { signal } = new AbortController();

describe('a collection without a collector', () => {
  const cluster = fakeCluster();

  it('keeps the logs of both instances, and names every part that is missing', async () => {
    const pod = aPod('web');
    const [status] = pod.status?.containerStatuses ?? [];
    if (status === undefined) throw new Error('the pod has no status');
    const lastState = { terminated: { exitCode: 1 } };
    cluster.fake.put({
      ...pod,
      status: { ...pod.status, containerStatuses: [{ ...status, lastState }] },
    });
    cluster.fake.logs.set('default/web/app', 'a line\n');
    const kept = await acquired(cluster.fake, (api, acquisition) =>
      collectRemotely(api, memoryIo({ sleep: sleepFor }), {
        node: 'node-a',
        acquisition,
        phases: ['envelope', 'cluster', 'logs'],
        reason: 'violates PodSecurity',
        signal,
      }),
    );
    for (const name of ['app', 'app.previous'])
      expect(kept.text(`live_response/kubernetes/logs/default/web/${name}.log`)).to.equal('a line\n');
    for (const phase of ['envelope', 'logs'])
      expect(kept.item(`live_response/phases/${phase}.json`)).to.include({
        outcome: 'denied',
        detail: 'no collector: violates PodSecurity',
      });
    expect(kept.items.some(({ name }) => name === 'live_response/phases/cluster.json')).to.equal(false);
    expect(kept.items.some(({ name }) => name.includes('diff'))).to.equal(false);
  });

  it('names the diff of a pod as missing', async () => {
    const kept = await acquired(cluster.fake, (api, acquisition) =>
      collectRemotely(api, memoryIo({ sleep: sleepFor }), {
        ...{
          node: 'node-a',
          pod: aPod('web'),
          acquisition,
          phases: [],
          reason: 'violates PodSecurity',
          signal,
        },
      }),
    );
    expect(kept.item('live_response/pod-diff.json')).to.include({
      outcome: 'denied',
      detail: 'no collector: violates PodSecurity',
    });
  });
});

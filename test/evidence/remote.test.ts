import { expect } from 'chai';
import { collectRemotely } from '../../src/evidence/remote.ts';
import { sleepFor } from '../../src/output/io.ts';
import type { Pod } from '../../src/cluster/objects.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { hurriedIo } from '../support/hurried-io.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';
import { type Acquired, acquired } from './acquired.ts';

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

  describe('on a node with many containers', () => {
    const containers = ['a', 'b', 'c', 'd', 'e'];
    const crowded = (): Pod => {
      const pod = aPod('web');
      const [status] = pod.status?.containerStatuses ?? [];
      if (status === undefined) throw new Error('the pod has no status');
      return {
        ...pod,
        status: { ...pod.status, containerStatuses: containers.map((name) => ({ ...status, name })) },
      };
    };
    const collected = (io: MemoryIo): Promise<Acquired> => {
      cluster.fake.put(crowded());
      return acquired(cluster.fake, (api, acquisition) =>
        collectRemotely(api, io, { node: 'node-a', acquisition, phases: [], reason: 'none', signal }),
      );
    };
    const logsOf = (kept: Acquired): Acquired['items'] =>
      containers.map((name) => kept.item(`live_response/kubernetes/logs/default/web/${name}.log`));

    it('asks no more of a kubelet that was waited for in vain, and says so of each that is left', async () => {
      const kept = await collected(hurriedIo());
      expect(logsOf(kept).map(({ outcome }) => outcome)).to.deep.equal([
        ...['timeout', 'timeout', 'skipped', 'skipped', 'skipped'],
      ]);
      const left = [logsOf(kept)[2], kept.item('[root]/var/log/syslog')];
      for (const item of left)
        expect(item).to.include({
          outcome: 'skipped',
          detail: 'not asked: the kubelet was waited for 70 s in vain; not finished within 35 s',
        });
    });

    it('asks on where each answer comes at once, in the words of the API server', async () => {
      const refused = 'dial tcp 10.0.0.11:10250: connect: connection refused';
      const body = { kind: 'Status', status: 'Failure', message: refused, code: 500 };
      cluster.fake.intercept(({ path }) => (path.endsWith('/log') ? { status: 500, body } : undefined));
      const kept = await collected(memoryIo({ sleep: sleepFor }));
      expect(logsOf(kept).map(({ outcome, detail }) => `${outcome} ${detail ?? ''}`)).to.deep.equal(
        containers.map(
          (name) => `truncated cannot read the log of container "${name}" of pod "web": ${refused}`,
        ),
      );
    });
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

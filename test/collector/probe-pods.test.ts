import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { addressesIn, type ProbePods, withProbePods } from '../../src/collector/probe-pods.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { InterruptedError, PartialError } from '../../src/output/errors.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { sleepFor } from '../../src/output/io.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addNode, running } from './fake-kubelet.ts';
import { localNode, type LocalNode } from './local-node.ts';

describe('withProbePods', function () {
  this.timeout(20_000);
  const { signal } = new AbortController();
  const options = {
    namespace: 'kubectl-ir',
    image: 'busybox:1',
    subject: { uid: 'u-1', node: 'node-a' },
    signal,
  };
  let fake: FakeApi;
  let api: Api;
  let local: LocalNode;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    local = localNode();
    addNode(fake, local);
    // As a scheduler and a kubelet do, some time after the server has answered.
    fake.afterCreate('pods', (pod) => {
      setTimeout(() => {
        const up = running(pod);
        const status = { ...up.status, podIP: '10.0.0.3', podIPs: [{ ip: 'fd00::3' }] };
        fake.put({ ...up, spec: { nodeName: 'node-b', ...up.spec }, status } as never);
      });
      return pod;
    });
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
    local.remove();
  });
  const lent = (use: (pods: ProbePods) => Promise<unknown> = () => Promise.resolve()): Promise<ProbePods> =>
    withProbePods(api, memoryIo(), options, async (starting) => {
      const pods = await starting();
      await use(pods);
      return pods;
    });

  it('lends one on the node and one elsewhere, in which scripts run, and removes both', async () => {
    const pods = await lent(async ({ near, gaps }) => {
      expect(fake.list('pods'), gaps.join()).to.have.length(2);
      const script = { name: 'reach', text: scriptText('tries') + scriptText('reach') };
      const answer = await near?.call(script, ['0.3'], { input: Buffer.from('7 tcp 127.0.0.1 1\n'), signal });
      expect(answer?.stdout.toString()).to.equal('7 refused\n');
    });
    expect([pods.near?.node, pods.far?.node]).to.deep.equal(['node-a', 'node-b']);
    expect(pods.near?.addresses).to.deep.equal(['10.0.0.3', 'fd00::3']);
    expect(pods.near?.pod).to.match(/^ir-probe-u-1-[0-9a-f]{4}$/);
    expect([pods.gaps, fake.list('pods')]).to.deep.equal([[], []]);
  });

  it("does without those that can't be started, and says why", async () => {
    fake.deny({ verb: 'create', resource: 'pods' });
    const pods = await lent();
    expect(pods).to.have.all.keys('gaps', 'done');
    expect(pods.gaps[0]).to.match(/^no try from its own node: .*forbidden/);
    expect(pods.gaps[1]).to.match(/^no try from another node: .*forbidden/);
  });

  it('gives up at once when no node takes one', async () => {
    fake.afterCreate('pods', (pod) => {
      const conditions = [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' },
      ];
      return { ...pod, status: { phase: 'Pending', conditions } } as never;
    });
    const { gaps } = await lent();
    expect(gaps[1]).to.equal('no try from another node: no node takes the probe pod: 0/1 nodes');
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('lends the one that runs in time without the other, and removes both', async () => {
    fake.afterCreate('pods', (pod) => {
      const up = running(pod);
      const near = (pod as { spec?: { nodeName?: string } }).spec?.nodeName === 'node-a';
      if (near) setTimeout(() => fake.put({ ...up, status: { ...up.status, podIP: '10.0.0.3' } } as never));
      return pod;
    });
    const pods = await withProbePods(api, { ...memoryIo(), sleep: sleepFor }, options, (starting) =>
      starting(new Promise((resolve) => setTimeout(resolve, 1_000))),
    );
    expect([pods.near?.node, pods.far]).to.deep.equal(['node-a', undefined]);
    expect(pods.gaps).to.deep.equal(['no try from another node: it was not ready in time']);
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('lends them when they answer, before the node tells that they run', async () => {
    fake.afterCreate('pods', (pod) => {
      const far = (pod as { spec?: { nodeName?: string } }).spec?.nodeName === undefined;
      const spec = { ...(pod as { spec?: object }).spec, ...(far ? { nodeName: 'node-b' } : {}) };
      setTimeout(() => fake.put({ ...pod, spec } as never));
      return pod;
    });
    const pods = await withProbePods(api, { ...memoryIo(), sleep: sleepFor }, options, (starting) =>
      starting(),
    );
    expect([pods.near?.node, pods.far?.node, pods.gaps]).to.deep.equal(['node-a', 'node-b', []]);
    expect(pods.near?.addresses).to.deep.equal(pods.far?.addresses).and.not.to.deep.equal([]);
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('removes what it started when the work fails, is interrupted, or is over before they run', async () => {
    fake.afterCreate('pods', (pod) => pod);
    const work = (use: () => Promise<void>): Promise<void> => withProbePods(api, memoryIo(), options, use);
    await work(() => Promise.resolve());
    expect(fake.list('pods')).to.deep.equal([]);
    const failure = new InterruptedError('stopped by SIGINT');
    expect(await failureOf(work(() => Promise.reject(failure)))).to.equal(failure);
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('removes them as soon as no more is to be tried', async () => {
    await lent(async ({ done }) => {
      done?.();
      for (let i = 0; i < 200 && fake.list('pods').length > 0; i += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(fake.list('pods')).to.deep.equal([]);
    });
    expect(fake.requests.filter(({ method }) => method === 'DELETE')).to.have.length(2);
  });

  it('says what is left when only the removal failed', async () => {
    fake.deny({ verb: 'delete', resource: 'pods' });
    expect(await failureOf(lent())).to.be.instanceOf(PartialError);
  });
});

describe('addressesIn', () => {
  it('has those that others reach the pod at, and nothing that is none', () => {
    const text = [
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever',
      '1: lo    inet6 ::1/128 scope host',
      '2: eth0    inet 10.244.2.7/24 brd 10.244.2.255 scope global eth0\\       valid_lft forever',
      '2: eth0    inet6 fd00:10:244:2::7/64 scope global',
      '2: eth0    inet6 fe80::7/64 scope link',
      '3: x    inet 999.1.1.1/24 scope global x',
    ].join('\n');
    expect(addressesIn(text)).to.deep.equal(['10.244.2.7', 'fd00:10:244:2::7']);
  });
});

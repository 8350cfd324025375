import { expect } from 'chai';
import { collectKubeletLogs, collectKubeletView, proxyPath } from '../../src/evidence/kubelet-view.ts';
import { KubeletWait } from '../../src/evidence/kubelet-wait.ts';
import { sleepFor } from '../../src/output/io.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { hurriedIo } from '../support/hurried-io.ts';
import { memoryIo } from '../support/memory-io.ts';
import { acquired } from './acquired.ts';

const { signal } = new AbortController();

describe('the view of a kubelet', () => {
  const cluster = fakeCluster();

  it('is kept as it answers, and a gap where it does not', async () => {
    cluster.fake.intercept(({ path }) => {
      if (path === '/api/v1/nodes/node-a/proxy/runningpods/') return { status: 200, body: '{"items":[]}' };
      if (path === '/api/v1/nodes/node-a/proxy/logs/audit/audit.log')
        return { status: 200, body: 'type=LOGIN\n' };
      return path.includes('/proxy/') ? { status: 403, body: 'no' } : undefined;
    });
    const io = memoryIo({ sleep: sleepFor });
    const kept = await acquired(cluster.fake, async (api, acquisition) => {
      await collectKubeletView(api, io, acquisition, 'node-a', signal);
      await collectKubeletLogs(api, io, acquisition, 'node-a', new KubeletWait(io), signal);
    });
    expect(kept.text('live_response/kubernetes/kubelet/runningpods.json')).to.equal('{"items":[]}');
    expect(kept.text('[root]/var/log/audit/audit.log')).to.equal('type=LOGIN\n');
    expect(kept.item('live_response/kubernetes/kubelet/configz.json')).to.include({ outcome: 'denied' });
    expect(kept.item('[root]/var/log/syslog')).to.include({ outcome: 'denied' });
  });

  it('is not waited for endpoint by endpoint where the kubelet does not answer', async () => {
    const kept = await acquired(cluster.fake, (api, acquisition) =>
      collectKubeletView(api, hurriedIo(), acquisition, 'node-a', signal),
    );
    const outcomes = kept.items
      .filter(({ name }) => name.includes('/kubelet/'))
      .map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(['timeout', 'timeout', 'skipped', 'skipped', 'skipped']);
  });

  it('cannot be turned away from its node by a name', () => {
    expect(() => proxyPath('..', 'pods')).to.throw();
    expect(proxyPath('a/b', 'stats/summary')).to.equal('/api/v1/nodes/a%2Fb/proxy/stats/summary');
  });
});

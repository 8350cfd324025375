import { expect } from 'chai';
import { startPod } from '../../src/collector/start.ts';
import { failure } from '../fake-api/answer.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addNode } from './fake-kubelet.ts';

describe('startPod', () => {
  const { signal } = new AbortController();
  const options = { node: 'node-a', namespace: 'kubectl-ir', image: 'busybox:1', signal };
  const cluster = fakeCluster(addNode);

  it('returns the running pod', async () => {
    const { pod, uid, changedByServer } = await startPod(cluster.api, memoryIo(), {
      ...options,
      subject: { uid: 'u-1' },
    });
    expect(pod.metadata?.labels?.['kubectl-ir/pod-uid']).to.equal('u-1');
    expect(pod.metadata?.name).to.match(/^ir-collector-[0-9a-f]{8}$/);
    expect([uid, changedByServer]).to.deep.equal([pod.metadata?.uid, []]);
  });

  it('removes the dead it finds in its namespace', async () => {
    const { pod } = await startPod(cluster.api, memoryIo(), options);
    cluster.fake.put({ ...pod, status: { phase: 'Succeeded' } });
    const next = await startPod(cluster.api, memoryIo(), options);
    expect(cluster.fake.list('pods').map(({ metadata }) => metadata.uid)).to.deep.equal([next.uid]);
  });

  it('starts although it can’t look for the dead', async () => {
    cluster.fake.intercept(({ method, path }) =>
      method === 'GET' && path.endsWith('/pods') ? failure(500, 'InternalError', 'no luck') : undefined,
    );
    expect((await startPod(cluster.api, memoryIo(), options)).uid).not.to.equal('');
  });

  it('goes on without the right to look at nodes', async () => {
    cluster.fake.deny({ verb: 'get', resource: 'nodes' });
    await startPod(cluster.api, memoryIo(), options);
  });
});

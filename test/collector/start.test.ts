import { expect } from 'chai';
import { startPod } from '../../src/collector/start.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failure } from '../fake-api/answer.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addNode, running } from './fake-kubelet.ts';

describe('startPod', () => {
  const { signal } = new AbortController();
  const options = { node: 'node-a', namespace: 'kubectl-ir', image: 'busybox:1', signal };
  const cluster = fakeCluster(addNode);
  const pods = (): number => cluster.fake.list('pods').length;

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

  it('waits for the service account of a new namespace', async () => {
    let tries = 0;
    cluster.fake.intercept(({ method, path }) => {
      if (method !== 'POST' || !path.endsWith('/pods') || (tries += 1) > 3) return undefined;
      const message =
        'pods "x" is forbidden: error looking up service account a/default: serviceaccount "default" not found';
      return failure(403, 'Forbidden', message);
    });
    await startPod(cluster.api, memoryIo(), options);
    expect(tries).to.equal(4);
  });

  it('does not use a pod that a webhook changed, and removes it', async () => {
    cluster.fake.afterCreate('pods', (pod) => {
      const changed = running(structuredClone(pod));
      changed.spec?.containers.push({ name: 'sidecar' });
      return changed as typeof pod;
    });
    const error = await failureOf(startPod(cluster.api, memoryIo(), options));
    expect(error.message).to.equal(
      "somebody's admission webhook changed the collector pod, it was not used: spec.containers[1]",
    );
    expect(pods()).to.equal(0);
  });

  it('tells of harmless changes', async () => {
    cluster.fake.afterCreate('pods', (pod) => {
      const changed = running(structuredClone(pod));
      changed.spec?.tolerations?.push({ key: 'a', operator: 'Exists' });
      return changed as typeof pod;
    });
    expect((await startPod(cluster.api, memoryIo(), options)).changedByServer).to.deep.equal([
      'spec.tolerations[1]',
    ]);
  });

  const refusals: [string, string][] = [
    [
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
      'pod-security.kubernetes.io/enforce=privileged',
    ],
    ['pods "x" is forbidden: exceeded quota: q', 'without that quota'],
    ['admission webhook "w.example" denied the request: no', 'must let pods of namespace kubectl-ir through'],
    ['pods is forbidden: User "jane" cannot create resource "pods"', 'preflight --print-rbac'],
  ];
  for (const [message, advice] of refusals) {
    it(`says what to do about: ${message}`, async () => {
      cluster.fake.intercept(({ method, path }) =>
        method === 'POST' && path.endsWith('/pods') ? failure(403, 'Forbidden', message) : undefined,
      );
      const error = await failureOf(startPod(cluster.api, memoryIo(), options));
      expect(error.message).to.contain(message);
      expect(error).to.have.property('advice').that.contains(advice);
    });
  }

  it('quotes the last warning of a pod that never comes up, and removes it', async () => {
    cluster.fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Pending' } }));
    cluster.fake.intercept(({ path }) =>
      path.endsWith('/events')
        ? { status: 200, body: { items: [{ reason: 'FailedMount', message: 'no spool' }] } }
        : undefined,
    );
    const error = await failureOf(startPod(cluster.api, memoryIo(), options));
    expect(error.message).to.equal(
      'timed out after 90 s waiting for the collector on node node-a to run: FailedMount, no spool',
    );
    expect(pods()).to.equal(0);
  });

  it('leaves nothing when it is aborted while the pod starts', async () => {
    const stop = new AbortController();
    cluster.fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Pending' } }));
    const io = memoryIo({ sleep: () => Promise.reject(stopNow(stop)) });
    const error = await failureOf(startPod(cluster.api, io, { ...options, signal: stop.signal }));
    expect([error.message, pods()]).to.deep.equal(['stopped', 0]);
  });

  it('removes a pod whose creation was cut off', async () => {
    cluster.fake.intercept(({ method, path, body }) => {
      if (method !== 'POST' || !path.endsWith('/pods')) return undefined;
      cluster.fake.put(body as object);
      return { status: 500, body: { kind: 'Status', message: 'lost' } };
    });
    await failureOf(startPod(cluster.api, memoryIo(), options));
    expect(pods()).to.equal(0);
  });

  it('goes on without the right to look at nodes', async () => {
    cluster.fake.deny({ verb: 'get', resource: 'nodes' });
    await startPod(cluster.api, memoryIo(), options);
  });
});

function stopNow(stop: AbortController): Error {
  const error = new OperationError('stopped');
  stop.abort(error);
  return error;
}

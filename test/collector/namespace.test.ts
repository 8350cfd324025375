import { expect } from 'chai';
import { ensureNamespace } from '../../src/collector/namespace.ts';
import { failure } from '../fake-api/answer.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';

describe('ensureNamespace', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster();

  it('creates it with the labels of ours and privileged pod security', async () => {
    await ensureNamespace(cluster.api, 'kubectl-ir', signal);
    expect(cluster.fake.get('namespaces', undefined, 'kubectl-ir')?.metadata.labels).to.deep.equal({
      'app.kubernetes.io/managed-by': 'kubectl-ir',
      'kubectl-ir/pod-uid': 'none',
      'pod-security.kubernetes.io/enforce': 'privileged',
      'pod-security.kubernetes.io/audit': 'privileged',
      'pod-security.kubernetes.io/warn': 'privileged',
    });
  });

  it('leaves one that is there as it is', async () => {
    cluster.fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mine' } });
    await ensureNamespace(cluster.api, 'mine', signal);
    expect(cluster.fake.requests.map(({ method }) => method)).to.deep.equal(['GET']);
  });

  it('names one that is being deleted, and the way out', async () => {
    const status = { phase: 'Terminating' };
    cluster.fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' }, status });
    const error = await failureOf(ensureNamespace(cluster.api, 'old', signal));
    expect(error.message).to.equal('namespace "old" is being deleted, so no collector can start in it');
    expect(error).to.have.property('advice').that.contains('--collector-namespace');
  });

  it('lets a user through who may not look at namespaces', async () => {
    cluster.fake.deny({ verb: 'get', resource: 'namespaces' });
    await ensureNamespace(cluster.api, 'kubectl-ir', signal);
    expect(cluster.fake.get('namespaces', undefined, 'kubectl-ir')).to.equal(undefined);
  });

  it('is content when somebody else was faster', async () => {
    cluster.fake.intercept(({ method, path }) => {
      if (method !== 'POST' || path !== '/api/v1/namespaces') return undefined;
      return failure(409, 'AlreadyExists', 'exists');
    });
    await ensureNamespace(cluster.api, 'kubectl-ir', signal);
  });
});

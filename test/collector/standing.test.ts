import { expect } from 'chai';
import { findStanding } from '../../src/collector/standing.ts';
import { failure } from '../fake-api/answer.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';

describe('findStanding', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster((fake) => {
    const labels = { 'kubectl-ir/pod-uid': 'u-1' };
    for (const namespace of ['prod', 'far']) {
      fake.put({ ...aPod('web'), metadata: { name: 'web', namespace, labels } });
      const metadata = { name: 'ir-u-1', namespace, labels };
      fake.put({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata });
    }
    fake.put(aPod('untouched'));
  });
  const names = ({ objects }: Awaited<ReturnType<typeof findStanding>>): string[] =>
    objects
      .map(({ object, kind }) => `${object.metadata.namespace ?? ''}/${kind}/${object.metadata.name}`)
      .sort();

  it('finds every kind in all namespaces', async () => {
    const found = await findStanding(cluster.api, ['prod'], signal);
    expect(found.unseen).to.deep.equal([]);
    expect(names(found)).to.deep.equal([
      'far/networkpolicy/ir-u-1',
      'far/pod/web',
      'prod/networkpolicy/ir-u-1',
      'prod/pod/web',
    ]);
  });

  it('finds cluster-wide guards, and nothing where the server does not know a kind', async () => {
    const admission = 'admissionregistration.k8s.io/v1';
    const metadata = { name: 'ir-u-1', labels: { 'kubectl-ir/pod-uid': 'u-1' } };
    cluster.fake.put({ apiVersion: admission, kind: 'ValidatingAdmissionPolicy', metadata });
    cluster.fake.intercept(({ path }) =>
      path.includes('/cilium.io/') ? failure(404, '', 'the server could not find the resource') : undefined,
    );
    const found = await findStanding(cluster.api, ['prod'], signal);
    expect(found.unseen).to.deep.equal([]);
    expect(names(found)).to.include('/validatingadmissionpolicy/ir-u-1');
  });

  it('falls back to the namespaces it is told, and says what it could not see', async () => {
    cluster.fake.intercept(({ path }) =>
      path === '/api/v1/pods' ? failure(403, 'Forbidden', 'no') : undefined,
    );
    const found = await findStanding(cluster.api, ['prod', 'kubectl-ir', 'prod'], signal);
    expect(names(found)).to.deep.equal([
      'far/networkpolicy/ir-u-1',
      'prod/networkpolicy/ir-u-1',
      'prod/pod/web',
    ]);
    expect(found.unseen).to.deep.equal([{ resource: 'pods', reason: 'cannot list pods: no' }]);
  });
});

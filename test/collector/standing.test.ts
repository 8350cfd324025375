import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { findStanding } from '../../src/collector/standing.ts';
import { failure } from '../fake-api/answer.ts';
import { aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';

describe('findStanding', () => {
  const { signal } = new AbortController();
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    const labels = { 'kubectl-ir/pod-uid': 'u-1' };
    for (const namespace of ['prod', 'far']) {
      fake.put({ ...aPod('web'), metadata: { name: 'web', namespace, labels } });
      const metadata = { name: 'ir-u-1', namespace, labels };
      fake.put({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata });
    }
    fake.put(aPod('untouched'));
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });
  const names = ({ objects }: Awaited<ReturnType<typeof findStanding>>): string[] =>
    objects
      .map(({ object, kind }) => `${object.metadata.namespace ?? ''}/${kind}/${object.metadata.name}`)
      .sort();

  it('finds every kind in all namespaces', async () => {
    const found = await findStanding(api, ['prod'], signal);
    expect(found.unseen).to.deep.equal([]);
    expect(names(found)).to.deep.equal([
      'far/networkpolicy/ir-u-1',
      'far/pod/web',
      'prod/networkpolicy/ir-u-1',
      'prod/pod/web',
    ]);
  });

  it('falls back to the namespaces it is told, and says what it could not see', async () => {
    fake.intercept(({ path }) => (path === '/api/v1/pods' ? failure(403, 'Forbidden', 'no') : undefined));
    const found = await findStanding(api, ['prod', 'kubectl-ir', 'prod'], signal);
    expect(names(found)).to.deep.equal([
      'far/networkpolicy/ir-u-1',
      'prod/networkpolicy/ir-u-1',
      'prod/pod/web',
    ]);
    expect(found.unseen).to.deep.equal([{ resource: 'pods', reason: 'cannot list pods: no' }]);
  });
});

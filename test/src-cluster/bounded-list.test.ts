import { expect } from 'chai';
import { listAtMost } from '../../src/cluster/bounded-list.ts';
import type { KubeObject } from '../../src/cluster/objects.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';

describe('listAtMost', () => {
  const cluster = fakeCluster((fake) => {
    for (let number = 0; number < 1200; number += 1) fake.put(aConfigMap(`c-${number}`));
  });
  const request = { path: '/api/v1/namespaces/default/configmaps' };

  it('reads no further than it holds, and says that there is more', async () => {
    const { items, more } = await listAtMost<KubeObject>(cluster.api, request, 400);
    expect([items.length, more, cluster.fake.requests.length]).to.deep.equal([400, true, 1]);
  });

  it('holds nothing but what is wanted', async () => {
    const found = await listAtMost<KubeObject>(cluster.api, request, 400, ({ metadata }) =>
      metadata.name.endsWith('99'),
    );
    expect([found.items.length, found.more, cluster.fake.requests.length]).to.deep.equal([12, false, 3]);
    expect(found.items[0]?.kind).to.equal('ConfigMap');
  });
});

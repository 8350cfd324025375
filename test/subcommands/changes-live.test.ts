import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { objectFacts } from '../../src/incident/change/object-facts.ts';
import { readLive } from '../../src/subcommands/changes-live.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import {
  aClusterObject,
  anObject,
  deployment,
  ownedBy,
  podOf,
  replicaSet,
} from '../incident/change/change-lab.ts';

const { signal } = new AbortController();
const target = { pod: { resource: 'pods', name: 'web-2-x' } };
const rbac = 'rbac.authorization.k8s.io/v1';

describe('readLive', () => {
  const cluster = fakeCluster((fake) => {
    for (const object of [
      deployment({ metadata: { annotations: { 'meta.helm.sh/release-name': 'x,y' } } }),
      replicaSet(1, 0),
      replicaSet(2, 5),
      anObject('apps/v1', 'ReplicaSet', 'other', {
        metadata: { ownerReferences: ownedBy('Deployment', 'other') },
      }),
      podOf(2, 'web-2-x'),
      podOf(2, 'web-2-y'),
      anObject('v1', 'ServiceAccount', 'shop'),
      aClusterObject(rbac, 'ClusterRoleBinding', 'b', {
        roleRef: { kind: 'ClusterRole', name: 'admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }],
      }),
      aClusterObject(rbac, 'ClusterRole', 'admin'),
      aClusterObject(rbac, 'ClusterRole', 'other'),
    ])
      fake.put(object);
  });
  const inProd = (): Promise<Api> => cluster.fake.connect({ namespace: 'prod' });
  const names = (objects: readonly object[]): string[] =>
    objects.map((object) => objectFacts(object as Parameters<typeof objectFacts>[0])?.name ?? '');

  it('reads what a pod is made of, the revisions of its owners alone, and the roles that it has', async () => {
    const api = await inProd();
    const { records, notSeen } = await readLive(api, target, signal);
    expect(names(records.pods)).to.deep.equal(['web-2-x']);
    expect(names(records.siblings)).to.deep.equal(['web-2-x', 'web-2-y']);
    expect(names(records.owners)).to.deep.equal(['web-2', 'web']);
    expect(names(records.revisions)).to.deep.equal(['web-1', 'web-2']);
    expect(names(records.objects)).to.deep.equal(['prod', 'shop', 'b', 'admin']);
    // A release whose name could be none is asked for nowhere, and Secrets are not read without one.
    expect(cluster.fake.requests.some(({ path }) => path.includes('secrets'))).to.equal(false);
    expect(notSeen).to.deep.equal([]);
    await api.close();
  });

  it('goes on without what may not be read, and names it', async () => {
    const api = await inProd();
    for (const resource of ['replicasets', 'clusterrolebindings', 'events']) cluster.fake.deny({ resource });
    const { records, notSeen } = await readLive(api, target, signal);
    expect(records.owners).to.deep.equal([]);
    expect(notSeen.map((text) => text.split(':')[0]).sort()).to.deep.equal([
      'clusterrolebindings',
      'events in namespace prod',
      'replicasets "web-2"',
      'replicasets in namespace prod',
    ]);
    await api.close();
  });

  it('reads all workloads of a namespace', async () => {
    const api = await inProd();
    const { records, namespaces } = await readLive(api, { namespace: 'prod' }, signal);
    expect(names(records.owners)).to.deep.equal(['web', 'other', 'web-1', 'web-2']);
    expect([names(records.pods), namespaces]).to.deep.equal([['web-2-x', 'web-2-y'], ['prod']]);
    await api.close();
  });
});

import { expect } from 'chai';
import { collectPodObjects } from '../../src/evidence/pod-objects.ts';
import { sleepFor } from '../../src/output/io.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';
import { acquired } from './acquired.ts';

const { signal } = new AbortController();
const group = 'rbac.authorization.k8s.io';

describe('objects about a pod', () => {
  const cluster = fakeCluster((fake) => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: '1' };
    const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: '2' };
    fake.put({ ...deployment, metadata: { name: 'web', namespace: 'default' } });
    fake.put({ ...set, metadata: { name: 'web-1', namespace: 'default', ownerReferences: [deployment] } });
    const metadata = { name: 'account', namespace: 'default' };
    fake.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    const bind = (name: string, subject: object): void => {
      fake.put({
        apiVersion: `${group}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: `role-of-${name}` },
        subjects: [subject],
      });
      fake.put({
        apiVersion: `${group}/v1`,
        kind: 'ClusterRole',
        metadata: { name: `role-of-${name}` },
        rules: [],
      });
    };
    bind('by-name', { kind: 'ServiceAccount', ...metadata });
    bind('by-group', { kind: 'Group', name: 'system:serviceaccounts:default' });
    bind('of-another', { kind: 'ServiceAccount', name: 'account', namespace: 'elsewhere' });
    const policy = (name: string, podSelector: object): void => {
      const meta = { name, namespace: 'default' };
      fake.put({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: meta,
        spec: { podSelector },
      });
    };
    policy('all', {});
    policy('other', { matchLabels: { app: 'db' } });
    const service = { name: 'web', namespace: 'default' };
    fake.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: service,
      spec: { selector: { app: 'web-1-x' } },
    });
    const pod = aPod('web-1-x');
    fake.put({
      ...pod,
      metadata: { ...pod.metadata, ownerReferences: [set] },
      spec: { containers: [], ...pod.spec, serviceAccountName: 'account' },
    });
  });

  it('are kept with all owners, the rights of its account, and what selects it', async () => {
    const { fake } = cluster;
    const kept = await acquired(fake, (api, acquisition) =>
      collectPodObjects(
        api,
        memoryIo({ sleep: sleepFor }),
        acquisition,
        fake.get('pods', 'default', 'web-1-x') ?? {},
        signal,
      ),
    );
    for (const object of [
      'pods/web-1-x',
      'replicasets/web-1',
      'deployments/web',
      'serviceaccounts/account',
      'clusterroles/role-of-by-name',
      'clusterroles/role-of-by-group',
      'replicasets',
      'controllerrevisions',
      'mutatingwebhookconfigurations',
    ])
      expect(kept.item(`live_response/kubernetes/${object}.json`).outcome, object).to.equal('ok');
    expect(kept.items.map(({ name }) => name).join()).not.to.include('role-of-of-another');
    expect(JSON.parse(kept.text('live_response/kubernetes/related.json'))).to.deep.equal({
      bindings: ['by-group', 'by-name'].map((name) => ({
        kind: 'ClusterRoleBinding',
        name,
        role: `ClusterRole/role-of-${name}`,
      })),
      networkpolicies: ['all'],
      services: ['web'],
      poddisruptionbudgets: [],
    });
  });

  it('are gaps where they may not be read, and the rest is kept', async () => {
    const { fake } = cluster;
    fake.deny({ resource: 'clusterrolebindings' });
    fake.deny({ resource: 'replicasets' });
    const kept = await acquired(fake, (api, acquisition) =>
      collectPodObjects(
        api,
        memoryIo({ sleep: sleepFor }),
        acquisition,
        fake.get('pods', 'default', 'web-1-x') ?? {},
        signal,
      ),
    );
    expect(kept.item('live_response/kubernetes/clusterrolebindings.json').outcome).to.equal('denied');
    expect(kept.item('live_response/kubernetes/replicasets/web-1.json').outcome).to.equal('denied');
    expect(kept.item('live_response/kubernetes/networkpolicies.json').outcome).to.equal('ok');
  });
});

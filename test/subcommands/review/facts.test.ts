import { expect } from 'chai';
import type { Api } from '../../../src/cluster/api.ts';
import { workloadFacts } from '../../../src/subcommands/review/facts.ts';
import type { KeptControls } from '../../../src/subcommands/review/kept.ts';
import type { CasePod } from '../../../src/subcommands/verify-fix/about.ts';
import { uid } from '../../containment/subjects.ts';
import { aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { suspect } from '../verify-fix/fix-lab.ts';
import { policiesPath, suspectObject } from './review-lab.ts';

const { signal } = new AbortController();
const pod: CasePod = {
  ...{ uid, node: 'node-a' },
  pod: {
    ...{
      namespace: 'default',
      name: suspect.name,
      labels: { app: 'shop', 'pod-template-hash': '6556d99f86' },
    },
    controller: { kind: 'ReplicaSet', name: 'shop-6556d99f86' },
  },
};
const ours = { metadata: { labels: { 'kubectl-ir/pod-uid': uid } } };
const kept = (more: Partial<KeptControls> = {}): KeptControls => ({
  answers: new Map([[policiesPath, [ours, { spec: {} }]]]),
  pods: new Map([[uid, suspectObject]]),
  controllers: new Map(),
  ...more,
});

describe('workloadFacts', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  it('reads from the case alone where the cluster is not reached, and takes nothing else for read', async () => {
    const read = await workloadFacts(pod, kept(), undefined, signal);
    expect(read?.workload).to.equal('default/deployment/shop');
    expect(Object.keys(read?.facts ?? {}).sort()).to.deep.equal(['pod', 'policies']);
    expect(read?.facts.policies).to.deep.equal([{ spec: {} }]);
    expect(read?.facts.pod).to.deep.include({
      controller: { kind: 'Deployment', name: 'shop' },
      labels: { tier: 'web' },
    });
    expect([read?.live, read?.gaps]).to.deep.equal([[], []]);
  });

  it('reads what the case has not from the cluster, rights by the roles behind them', async () => {
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
    const rbac = 'rbac.authorization.k8s.io';
    const role = { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }] };
    fake.put({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'default' },
      ...role,
    } as never);
    const subject = { kind: 'ServiceAccount', name: 'web', namespace: 'default' };
    const group = { kind: 'Group', apiGroup: rbac, name: 'system:serviceaccounts' };
    for (const [name, subjects] of [
      ['web', [subject]],
      ['all', [group]],
    ] as const)
      fake.put({
        ...{ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata: { name, namespace: 'default' } },
        ...{ roleRef: { kind: 'Role', name: 'reader', apiGroup: rbac }, subjects },
      } as never);
    const read = await workloadFacts(pod, kept(), api, signal);
    expect(read?.facts.grants).to.deep.equal([
      { binding: 'rolebinding/web in namespace default', rules: role.rules },
    ]);
    expect(read?.facts.namespace).to.have.nested.property('metadata.name', 'default');
    expect(read?.facts.policies).to.have.length(1);
    expect(read?.live).to.include('poddisruptionbudgets').and.not.include('networkpolicies');
  });

  it('finds a pod that is in no acquisition in the cluster, when it is that very one', async () => {
    const empty = kept({ pods: new Map() });
    expect(await workloadFacts(pod, empty, undefined, signal)).to.equal(undefined);
    const live = aPod(suspect.name);
    fake.put({ ...live, metadata: { ...live.metadata, uid: '00000000-0000-4000-8000-000000000007' } });
    expect(await workloadFacts(pod, empty, api, signal)).to.equal(undefined);
    fake.put({ ...live, metadata: { ...live.metadata, uid } });
    expect((await workloadFacts(pod, empty, api, signal))?.facts.pod.spec).to.have.property('containers');
  });

  it('takes what the account used from the audit log of the case, none where it asked for nothing', async () => {
    const right = { verb: 'get', group: '', resource: 'secrets' };
    const used = new Map([['system:serviceaccount:default:web', [right]]]);
    expect((await workloadFacts(pod, kept({ used }), undefined, signal))?.facts.used).to.deep.equal([right]);
    expect(
      (await workloadFacts(pod, kept({ used: new Map() }), undefined, signal))?.facts.used,
    ).to.deep.equal([]);
  });

  it('survives bindings of any shape', async () => {
    const answers = new Map([
      ['/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', [{ metadata: {}, roleRef: 7 }]],
      ['/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', [{}]],
    ]);
    expect((await workloadFacts(pod, kept({ answers }), undefined, signal))?.facts.grants).to.deep.equal([]);
  });
});

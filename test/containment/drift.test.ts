import { expect } from 'chai';
import type { KubeObject } from '../../src/cluster/objects.ts';
import { driftOf, restarted } from '../../src/containment/drift.ts';
import { readRecord } from '../../src/containment/ledger.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

describe('driftOf', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
  });
  afterEach(() => lab.close());

  async function drift(): Promise<string[]> {
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (found === undefined) throw new Error('no record');
    return driftOf(lab.api, found, signal);
  }
  function change(metadata: Partial<KubeObject['metadata']>): void {
    const live = lab.livePod();
    lab.fake.put({ ...live, metadata: { ...live.metadata, ...metadata } });
  }

  it('finds none in an isolation that nobody touched', async () => {
    expect(await drift()).to.deep.equal([]);
  });

  it('tells when containers that were isolated do not run any more, which may have another network', async () => {
    const live = lab.livePod();
    const { status } = live as unknown as { status: { containerStatuses: { containerID: string }[] } };
    const containerStatuses = status.containerStatuses.map((one) => ({
      ...one,
      containerID: `containerd://${'c'.repeat(64)}`,
    }));
    lab.fake.put({ ...live, status: { ...status, containerStatuses } } as unknown as KubeObject);
    expect(await drift()).to.deep.equal([restarted]);
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (found === undefined) throw new Error('no record');
    const uncut = { ...found, ticks: new Map([...found.ticks, ['cut', 'failed']] as const) };
    expect(await driftOf(lab.api, uncut, signal)).to.deep.equal([]);
  });

  it('finds none where all containers were started anew in the sandbox that was isolated', async () => {
    const live = lab.livePod() as unknown as { status: { containerStatuses: object[] } };
    const { status } = live;
    const since = '2026-11-22T04:00:00Z';
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (found?.verdict === undefined) throw new Error('no verdict');
    const known = { ...found, verdict: { ...found.verdict, sandboxSince: since } };
    const driftIf = (state: 'True' | 'False', lastTransitionTime: string): Promise<string[]> => {
      const conditions = [{ type: 'PodReadyToStartContainers', status: state, lastTransitionTime }];
      lab.fake.put({
        ...live,
        status: { ...status, conditions, containerStatuses: [] },
      } as unknown as KubeObject);
      return driftOf(lab.api, known, signal);
    };
    expect(await driftIf('True', since)).to.deep.equal([]);
    expect(await driftIf('True', '2026-11-22T05:00:00Z')).to.deep.equal([restarted]);
    expect(await driftIf('False', since)).to.deep.equal([restarted]);
  });

  it('finds none where one of its containers was restarted and another outlived it, with their sandbox', async () => {
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (found?.verdict === undefined) throw new Error('no verdict');
    const { containers = [] } = found.verdict;
    const two = { ...found, verdict: { ...found.verdict, containers: ['d'.repeat(64), ...containers] } };
    expect(containers).to.have.length(1);
    expect(await driftOf(lab.api, two, signal)).to.deep.equal([]);
  });

  it('tells what somebody did to the pod', async () => {
    change({ labels: { app: 'shop', 'pod-template-hash': '2' }, annotations: { [safe]: 'true' } });
    expect(await drift()).to.have.members([
      'our label is off the pod, so neither policies nor guards select it',
      `annotation ${safe} is true by now; a release leaves it so`,
      'annotation karpenter.sh/do-not-disrupt is gone by now; a release leaves it so',
      'annotation descheduler.alpha.kubernetes.io/prefer-no-eviction is gone by now; a release leaves it so',
      'label app=shop is back on the pod',
      'label pod-template-hash is 2 by now; a release leaves it so',
    ]);
  });

  it('tells when an identity that was cut is whole again', async () => {
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (found === undefined) throw new Error('no record');
    const subject = { kind: 'ServiceAccount', name: 'robot', namespace: 'default' };
    const uid = '00000000-1111-4222-8333-000000000001';
    const binding = { namespace: 'default', name: 'maps', uid, own: [{ index: 0, subject }] };
    const fields = { labels: {}, annotations: {}, imagePullSecrets: [], secrets: [] };
    const acts = [
      { kind: 'token' },
      { kind: 'bindings', bindings: [binding, { ...binding, name: 'gone' }] },
      { kind: 'account', name: 'robot', uid, fields },
    ] as const;
    lab.fake.put({
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', subjects: [subject] },
      metadata: { name: 'maps', namespace: 'default', uid },
    } as never);
    const ticks = new Map(acts.map(({ kind }) => [kind, 'done']));
    expect(await driftOf(lab.api, { record: { ...found.record, acts }, ticks }, signal)).to.have.members([
      `validatingadmissionpolicy.admissionregistration.k8s.io/ir-token-${lab.uid} is gone`,
      `validatingadmissionpolicybinding.admissionregistration.k8s.io/ir-token-${lab.uid} is gone`,
      'the account is back in rolebinding/maps in namespace default',
      'rolebinding/gone in namespace default is gone or another one by now',
      'serviceaccount/robot is gone; a release makes it again',
    ]);
  });

  it('tells what somebody did to our objects and to the owner', async () => {
    const name = `ir-${lab.uid}`;
    const policy = lab.fake.get('networkpolicies.networking.k8s.io', 'default', name);
    const budget = lab.fake.get('poddisruptionbudgets.policy', 'default', name);
    const set = lab.fake.get('replicasets.apps', 'default', 'shop-1');
    if (policy === undefined || budget === undefined || set === undefined) throw new Error('not isolated');
    lab.fake.put({ ...policy, spec: { podSelector: {} } } as KubeObject);
    lab.fake.remove(budget);
    lab.fake.remove(set);
    expect(await drift()).to.have.members([
      `networkpolicy.networking.k8s.io/${name} was changed; a release deletes it all the same`,
      `poddisruptionbudget.policy/${name} is gone`,
      'replicaset/shop-1, its owner before, is gone',
    ]);
  });

  it('tells nothing of what it may not read', async () => {
    lab.fake.deny({ resource: 'networkpolicies' });
    lab.fake.deny({ resource: 'pods' });
    expect(await drift()).to.deep.equal([]);
  });

  it('tells that the pod is gone, or another one', async () => {
    const left =
      "; its cut still lies on node-a and would hit a pod that gets its link's name or its address: release it";
    const live = lab.livePod();
    lab.fake.remove(live);
    expect(await drift()).to.deep.equal([`pod/shop-1-x is gone${left}`]);
    lab.fake.put({ ...live, metadata: { ...live.metadata, uid: 'another' } });
    expect(await drift()).to.deep.equal([`pod/shop-1-x is another one by now${left}`]);
  });
});

import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import type { OwnerReference, Pod } from '../../src/cluster/objects.ts';
import { type Selection, selectionText, selectPods } from '../../src/cluster/selection.ts';
import { aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

describe('selectPods', () => {
  const { signal } = new AbortController();
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    fake.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('shop', 'u-shop') });
    const controller = owner('Deployment', 'shop', 'u-shop');
    fake.put({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: meta('shop-1', 'u-set', controller) });
    fake.put({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: meta('other-1', 'u-other') });
    fake.put(pod('b', owner('ReplicaSet', 'shop-1', 'u-set')));
    fake.put(pod('a', owner('ReplicaSet', 'shop-1', 'u-set')));
    fake.put(pod('c', owner('ReplicaSet', 'other-1', 'u-other')));
    fake.put({
      ...pod('ended', owner('ReplicationController', 'old', 'u-old')),
      status: { phase: 'Succeeded' },
    });
    fake.put({ apiVersion: 'v1', kind: 'ReplicationController', metadata: meta('old', 'u-old') });
    fake.put({ ...pod('d'), spec: { nodeName: 'node-b', serviceAccountName: 'robot', containers: [] } });
    fake.put({ ...pod('e'), metadata: { name: 'e', namespace: 'elsewhere' } });
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  function owner(kind: string, name: string, uid: string): OwnerReference[] {
    return [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }];
  }
  function meta(
    name: string,
    uid: string,
    ownerReferences?: OwnerReference[],
  ): { name: string; namespace: string } {
    return {
      name,
      namespace: 'default',
      uid,
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    } as {
      name: string;
      namespace: string;
    };
  }
  function pod(name: string, ownerReferences?: OwnerReference[]): Pod {
    const metadata = {
      name,
      namespace: 'default',
      labels: { app: name },
      ...(ownerReferences && { ownerReferences }),
    };
    return { ...aPod(name), metadata };
  }
  async function names(selection: Selection): Promise<string[]> {
    return (await selectPods(api, selection, signal)).map(({ metadata }) => metadata?.name ?? '');
  }

  it('finds those with labels, or all, of any namespace', async () => {
    const elsewhere = { name: 'z', namespace: 'elsewhere', labels: { app: 'a' } };
    fake.put({ ...aPod('z'), metadata: elsewhere });
    const labelled: Selection = { by: 'selector', text: 'app=a' };
    expect(await names(labelled)).to.deep.equal(['a']);
    expect(await names({ ...labelled, everywhere: true })).to.deep.equal(['a', 'z']);
    expect(await names({ by: 'selector', text: '', everywhere: true })).to.include.members(['a', 'b', 'z']);
    const none = names({ by: 'selector', text: 'app=none', everywhere: true });
    expect((await failureOf(none)).message).to.equal('there are no pods with app=none');
  });

  it('finds them by labels, owner, image, account and node, by name, without those that ended', async () => {
    expect(await names({ by: 'selector', text: 'app in (c,a,ended)' })).to.deep.equal(['a', 'c']);
    expect(await names({ by: 'owner', target: { resource: 'deployments', name: 'shop' } })).to.deep.equal([
      'a',
      'b',
    ]);
    expect(await names({ by: 'owner', target: { resource: 'replicasets', name: 'other-1' } })).to.deep.equal([
      'c',
    ]);
    expect(await names({ by: 'image', digest: `sha256:${'a'.repeat(64)}` })).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(await names({ by: 'account', name: 'robot' })).to.deep.equal(['d']);
    expect(await names({ by: 'node', name: 'node-a' })).to.deep.equal(['a', 'b', 'c', 'e']);
  });

  it('finds those that ended too when they are asked for', async () => {
    const old = { by: 'owner', target: { resource: 'replicationcontrollers', name: 'old' } } as const;
    const pods = await selectPods(api, old, signal, { ended: true });
    expect(pods.map(({ metadata }) => metadata?.name)).to.deep.equal(['ended']);
    expect((await failureOf(selectPods(api, old, signal))).message).to.match(/^there are no pods of/);
  });

  it('says that there are none, or no such owner', async () => {
    const none = await failureOf(names({ by: 'image', digest: `sha256:${'c'.repeat(64)}` }));
    expect(none.message).to.match(/^there are no pods that run sha256:c+ in namespace "default"$/);
    const owner = { by: 'owner', target: { resource: 'jobs', name: 'gone' } } as const;
    expect((await failureOf(names(owner))).message).to.match(/jobs.*"gone" not found/);
    const node = { by: 'owner', target: { resource: 'nodes', name: 'a' } } as const;
    expect((await failureOf(names(node))).message).to.equal('nodes "a" has no pods of its own');
    expect(selectionText(owner)).to.equal('pods of jobs/gone');
  });
});

import { expect } from 'chai';
import type { Api } from '../../../src/cluster/api.ts';
import type { OwnedPod } from '../../../src/incident/workload.ts';
import type { CaseAbout } from '../../../src/subcommands/verify-fix/about.ts';
import { findWorkloads, type LiveWorkloads } from '../../../src/subcommands/verify-fix/live.ts';
import { uid } from '../../containment/subjects.ts';
import { aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { record, suspect } from './fix-lab.ts';

const owner = (kind: string, name: string): object => ({
  ...{ apiVersion: 'apps/v1', kind, name, controller: true, uid: '00000000-0000-4000-8000-000000000001' },
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace: 'default' },
};
const set = (name: string): object => ({
  ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  metadata: { name, namespace: 'default', ownerReferences: [owner('Deployment', 'shop')] },
});
const pod: OwnedPod = {
  ...{ namespace: 'default', name: suspect.name, labels: { 'pod-template-hash': '6556d99f86' } },
  controller: { kind: 'ReplicaSet', name: 'shop-6556d99f86' },
};
const history = { record, written: record, worked: new Set() } as unknown as NonNullable<
  CaseAbout['pods'][number]['history']
>;
const about = (one: Partial<CaseAbout['pods'][number]> = { history }): CaseAbout => ({
  pods: [{ uid, node: 'node-a', pod, ...one }],
  kept: [
    { ...pod, name: 'shop-6556d99f86-earlier' },
    { namespace: 'default', name: 'other', labels: {} },
  ],
  phases: [],
  acquisitions: new Set(),
  again: new Set(),
});

describe('findWorkloads', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    fake.put(deployment);
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  const put = (name: string, set_: string | undefined, more: object = {}): unknown => {
    const made = aPod(name);
    const ownerReferences = set_ === undefined ? [] : [owner('ReplicaSet', set_)];
    return fake.put({ ...made, metadata: { ...made.metadata, ownerReferences, ...more } });
  };
  const look = (of = about()): Promise<LiveWorkloads> => findWorkloads(api, of, new AbortController().signal);
  const names = ({ pods }: LiveWorkloads): unknown[] =>
    [...pods].map(([workload, all]) => [workload, all.map(({ metadata }) => metadata?.name)]);

  it('finds what took the place of a pod by its last owner, through another ReplicaSet too', async () => {
    fake.put(set('shop-77'));
    put('shop-77-a', 'shop-77');
    put('foreign', undefined);
    put(suspect.name, undefined, { uid, labels: {} });
    const live = await look();
    expect(names(live)).to.deep.equal([['default/deployment/shop', ['shop-77-a', suspect.name].sort()]]);
    expect([...live.lacking]).to.deep.equal([]);
    expect([...live.workloads.keys()].sort()).to.deep.equal([
      ...['default/shop-6556d99f86-earlier', `default/${suspect.name}`, 'default/shop-77-a'],
    ]);
  });

  it('says when nothing took the place, but not where the owner is gone too', async () => {
    put(suspect.name, undefined, { uid, labels: {} });
    expect([...(await look()).lacking.values()]).to.deep.equal([
      'deployment/shop runs no pod that took the place of that of the case',
    ]);
    fake.remove(deployment);
    expect([...(await look()).lacking]).to.deep.equal([]);
  });

  it('takes a pod that was only compared, or is released, for what there is to look at', async () => {
    put(suspect.name, 'shop-6556d99f86', { uid });
    fake.put(set('shop-6556d99f86'));
    const compared = about({});
    expect([...(await look(compared)).lacking]).to.deep.equal([]);
    const released = about({ history: { ...history, released: '2026-11-22T05:00:00Z' } });
    expect([...(await look(released)).lacking]).to.deep.equal([]);
  });

  it('says of a pod that is on no node yet that it could not be looked at, and leaves out those that ended', async () => {
    fake.put(set('shop-77'));
    const pending = aPod('shop-77-p');
    const metadata = { ...pending.metadata, ownerReferences: [owner('ReplicaSet', 'shop-77')] };
    fake.put({ ...pending, metadata, spec: { containers: [] } } as typeof pending);
    expect([...(await look()).lacking.values()]).to.deep.equal(['pod "shop-77-p" is not on a node yet']);
    fake.put({ ...pending, metadata, status: { ...pending.status, phase: 'Failed' } } as typeof pending);
    expect(names(await look())).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { resolvePods } from '../../src/cluster/pods-of.ts';
import { parseTarget } from '../../src/cluster/target.ts';
import { aPod } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

describe('resolvePods', () => {
  let fake: FakeApi;
  const { signal } = new AbortController();
  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(aPod('shop-a', { metadata: { name: 'shop-a', namespace: 'default', labels: { app: 'shop' } } }));
    fake.put(aPod('other'));
    fake.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'shop' } } },
    });
    fake.put({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'empty', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'none' } } },
    });
    fake.put({
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old', namespace: 'default' },
      spec: { selector: { app: 'shop' } },
    });
  });
  afterEach(() => fake.close());
  const names = async (selection: Parameters<typeof resolvePods>[1]): Promise<(string | undefined)[]> =>
    (await resolvePods(await fake.connect(), selection, signal)).map(({ metadata }) => metadata?.name);
  const target = (word: string): Parameters<typeof resolvePods>[1] => ({ target: parseTarget([word]) });

  it('gives a pod, those of an owner and those with labels', async () => {
    expect(await names(target('other'))).to.deep.equal(['other']);
    expect(await names(target('deploy/shop'))).to.deep.equal(['shop-a']);
    expect(await names(target('rc/old'))).to.deep.equal(['shop-a']);
    expect(await names({ labels: 'app=shop' })).to.deep.equal(['shop-a']);
  });

  it('says what has no pods', async () => {
    expect((await failureOf(names(target('ds/empty')))).message).to.equal(
      'no pods of daemonset/empty in namespace "default"',
    );
    expect((await failureOf(names({ labels: 'app=x' }))).message).to.equal(
      'no pods of labels app=x in namespace "default"',
    );
    expect((await failureOf(names(target('node/a')))).message).to.match(/^node\/a has no pods/);
    expect((await failureOf(names(target('deploy/x')))).message).to.match(/not found/);
  });
});

import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { checkDeletion, emptyNamespace, removeNamespace } from '../../src/collector/namespace-removal.ts';
import { namespaceObject } from '../../src/collector/namespace.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('removal of the namespace', () => {
  const { signal } = new AbortController();
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    fake.put(namespaceObject('kubectl-ir'));
    putMap('kube-root-ca.crt');
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });
  const putMap = (name: string): void => {
    fake.put({ ...aConfigMap(name), metadata: { name, namespace: 'kubectl-ir' } });
  };

  it('takes an empty one of ours', async () => {
    const namespace = await emptyNamespace(api, 'kubectl-ir', signal);
    if (namespace === undefined) throw new Error('it is there');
    await checkDeletion(api, namespace, signal);
    expect(fake.get('namespaces', undefined, 'kubectl-ir')).not.to.equal(undefined);
    await removeNamespace(api, memoryIo(), namespace, signal);
    expect(fake.get('namespaces', undefined, 'kubectl-ir')).to.equal(undefined);
  });

  it('refuses one that holds a record, and one that is not ours', async () => {
    putMap('ir-u-1');
    expect((await failureOf(emptyNamespace(api, 'kubectl-ir', signal))).message).to.equal(
      'namespace "kubectl-ir" is not empty: configmaps/ir-u-1',
    );
    expect((await failureOf(emptyNamespace(api, 'default', signal))).message).to.match(
      /was not created by kubectl ir/,
    );
    expect(await emptyNamespace(api, 'absent', signal)).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { checkDeletion, emptyNamespace, removeNamespace } from '../../src/collector/namespace-removal.ts';
import { namespaceObject } from '../../src/collector/namespace.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('removal of the namespace', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster((fake) => {
    fake.put(namespaceObject('kubectl-ir'));
    putMap('kube-root-ca.crt');
  });
  const putMap = (name: string): void => {
    cluster.fake.put({ ...aConfigMap(name), metadata: { name, namespace: 'kubectl-ir' } });
  };

  it('takes an empty one of ours', async () => {
    const namespace = await emptyNamespace(cluster.api, 'kubectl-ir', signal);
    if (namespace === undefined) throw new Error('it is there');
    await checkDeletion(cluster.api, namespace, signal);
    expect(cluster.fake.get('namespaces', undefined, 'kubectl-ir')).not.to.equal(undefined);
    await removeNamespace(cluster.api, memoryIo(), namespace, signal);
    expect(cluster.fake.get('namespaces', undefined, 'kubectl-ir')).to.equal(undefined);
  });

  it('refuses one that holds a record, and one that is not ours', async () => {
    putMap('ir-u-1');
    expect((await failureOf(emptyNamespace(cluster.api, 'kubectl-ir', signal))).message).to.equal(
      'namespace "kubectl-ir" is not empty: configmaps/ir-u-1',
    );
    expect((await failureOf(emptyNamespace(cluster.api, 'default', signal))).message).to.match(
      /was not created by kubectl ir/,
    );
    expect(await emptyNamespace(cluster.api, 'absent', signal)).to.equal(undefined);
  });
});

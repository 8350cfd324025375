import { expect } from 'chai';
import type { Node } from '../../src/cluster/objects.ts';
import { isOurs, refuseLastControlPlane } from '../../src/containment/whole-node.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';

describe('the whole node', () => {
  const { signal } = new AbortController();
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  function put(name: string, label: string, status: 'True' | 'False' = 'True'): void {
    const conditions = [{ type: 'Ready', status }];
    const node: Node = { ...aNode(name), metadata: { name, labels: { [label]: '' } } };
    fake.put({ ...node, status: { ...node.status, conditions } });
  }
  async function refused(name: string): Promise<string> {
    const api = await fake.connect();
    try {
      await refuseLastControlPlane(api, name, signal);
      return '';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await api.close();
    }
  }

  it('is refused for the last ready one of the control plane', async () => {
    put('worker', 'example.org/worker');
    put('first', 'node-role.kubernetes.io/control-plane');
    put('second', 'node-role.kubernetes.io/master', 'False');
    expect(await refused('worker')).to.equal('');
    expect(await refused('first')).to.match(/^node "first" is the last ready node of the control plane/);
    expect(await refused('second')).to.equal('');
    put('second', 'node-role.kubernetes.io/master');
    expect(await refused('first')).to.equal('');
    expect(await refused('none')).to.equal('node "none" not found');
  });

  it('never takes our own pods', () => {
    const managed = { 'app.kubernetes.io/managed-by': 'kubectl-ir' };
    const ours = (labels: Record<string, string>): boolean => isOurs(aPod('x', { metadata: { labels } }));
    expect(ours({ ...managed, 'kubectl-ir/role': 'collector' })).to.equal(true);
    expect(ours({ ...managed, 'kubectl-ir/role': 'probe' })).to.equal(true);
    expect(ours({ 'kubectl-ir/role': 'collector' })).to.equal(false);
    expect(ours(managed)).to.equal(false);
  });
});

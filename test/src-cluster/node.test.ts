import { expect } from 'chai';
import { readyNode } from '../../src/cluster/node.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aNode } from '../fake-api/builders.ts';
import { startFakeApi, type FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

const signal = new AbortController().signal;

describe('readyNode', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(aNode('node-a'));
  });
  afterEach(() => fake.close());

  const failure = async (name: string): Promise<Error> => {
    const api = await fake.connect();
    try {
      return await failureOf(readyNode(api, name, signal));
    } finally {
      await api.close();
    }
  };

  it('gives the node that can start a pod', async () => {
    const api = await fake.connect();
    expect((await readyNode(api, 'node-a', signal)).metadata?.name).to.equal('node-a');
    await api.close();
  });

  it('names the nearest when there is none', async () => {
    expect((await failure('nod-a')).message).to.equal('node "nod-a" not found; nearest: node-a');
    fake.deny({ verb: 'list', resource: 'nodes' });
    expect((await failure('nod-a')).message).to.equal('node "nod-a" not found');
  });

  it('says why a node is not ready', async () => {
    const node = aNode('node-b');
    const conditions = [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      },
    ];
    fake.put({ ...node, status: { ...node.status, conditions } });
    const error = await failure('node-b');
    expect(error).to.be.instanceOf(OperationError);
    expect(error.message).to.equal(
      'node "node-b" is NotReady (NodeStatusUnknown: Kubelet stopped posting node status.), so no collector can start on it',
    );
    fake.put({ ...aNode('node-c'), status: {} });
    expect((await failure('node-c')).message).to.include('its kubelet has said nothing');
  });
});

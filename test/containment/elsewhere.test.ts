import { expect } from 'chai';
import { processesElsewhere } from '../../src/containment/elsewhere.ts';
import { OperationError } from '../../src/output/errors.ts';
import { fakeNode } from './fake-node.ts';

describe('processesElsewhere', () => {
  const link = { namespace: 'net:[4026532741]', words: ['the-uid'] };
  const options = { seconds: 0.5, signal: new AbortController().signal };
  const look = (stdout: string, exitCode = 0): Promise<string[]> => {
    const { collector } = fakeNode([], () => ({ exitCode, stdout: Buffer.from(stdout) }));
    return processesElsewhere(collector, link, options);
  };

  it('says which processes are where, and nothing when all are in the pod’s network', async () => {
    expect(await look('')).to.deep.equal([]);
    expect(await look('node 7\nother 8\nother 9\nelse 1\nnode x\u001b[2J\n')).to.deep.equal([
      'process 7 of the pod: in the network of the node, which is not cut',
      "processes 8, 9 of the pod: in a network namespace that is not the pod's, into which nothing looked",
    ]);
    const many = Array.from({ length: 9 }, (_, index) => `node ${index}`).join('\n');
    expect((await look(many))[0]).to.match(/^processes 0, 1, 2, 3, 4 and 4 more of the pod:/);
  });

  it('asks for the pod’s words and its network, and says when it could not look', async () => {
    const { collector, calls } = fakeNode([], () => ({}));
    await processesElsewhere(collector, link, options);
    expect(calls).to.deep.equal([
      { script: 'elsewhere', args: ['0.5', 'net:[4026532741]', 'the-uid'], input: '' },
    ]);
    const error: unknown = await look('', 1).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(OperationError);
  });
});

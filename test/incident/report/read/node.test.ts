import { expect } from 'chai';
import { kubeletHardening, readNode } from '../../../../src/incident/report/read/node.ts';

describe('readNode', () => {
  it('has what the API server says of it', () => {
    const object = {
      metadata: { name: 'node-a' },
      status: { nodeInfo: { kernelVersion: '6.1', osImage: 1 } },
    };
    expect(readNode(object)).to.deep.equal({ name: 'node-a', kernel: '6.1' });
    expect(readNode({})).to.equal(undefined);
  });
});

describe('kubeletHardening', () => {
  it('names what lets strangers in', () => {
    const open = { anonymous: true, authorization: 'AlwaysAllow', readOnlyPort: 10255, featureGates: {} };
    expect(kubeletHardening('node-a', open).map(({ setting }) => setting)).to.deep.equal([
      'authentication.anonymous.enabled',
      'authorization.mode: AlwaysAllow',
      'readOnlyPort: 10255',
    ]);
    const shut = { anonymous: false, authorization: 'Webhook', readOnlyPort: 0, featureGates: {} };
    expect(kubeletHardening('node-a', shut)).to.deep.equal([]);
  });
});

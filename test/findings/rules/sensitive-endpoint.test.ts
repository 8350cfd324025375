import { expect } from 'chai';
import { sensitiveEndpoint } from '../../../src/findings/rules/sensitive-endpoint.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule sensitive-endpoint', () => {
  it('finds the metadata service', () => {
    expect(
      seenBy(sensitiveEndpoint, processItems(10, { in: web, fd: { 3: 'socket:[77]' } }), {
        '[root]/proc/10/net/tcp':
          'sl a b c d e f g h i\n0: 0303F40A:A45C FEA9FEA9:0050 01 0:0 0:0 0 0 0 77 1\n',
      }),
    ).to.deep.equal(['medium: connected to the metadata service']);
  });
  it('leaves other places alone, and pods in the network of the node', () => {
    expect(
      seenBy(
        sensitiveEndpoint,
        processItems(10, { in: web, fd: { 3: 'socket:[77]' } }),
        processItems(11, { in: web, fd: { 3: 'socket:[78]' }, namespaces: { net: 102 } }),
        {
          '[root]/proc/10/net/tcp':
            'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:0050 01 0:0 0:0 0 0 0 77 1\n1: 0303F40A:A45C FEA9FEA9:0050 01 0:0 0:0 0 0 0 78 1\n',
        },
      ),
    ).to.deep.equal([]);
  });
});

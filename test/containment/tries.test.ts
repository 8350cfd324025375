import { expect } from 'chai';
import type { InetSocket } from '../../src/artifacts/net-inet.ts';
import { isOwnTry, listeningPorts, triesFor, tryText } from '../../src/containment/tries.ts';

const socket = (changes: Partial<InetSocket>): InetSocket => ({
  localAddress: '10.0.0.2',
  localPort: 5000,
  remoteAddress: '0.0.0.0',
  remotePort: 0,
  state: 'LISTEN',
  uid: 0,
  inode: 1,
  ...changes,
});

const tries = triesFor(
  { apiServer: { address: '10.96.0.1', port: 443 }, node: '10.0.0.11' },
  { address: '10.0.0.2', ports: [8080, 9100, 1, 2, 3], probePorts: [8080] },
);

describe('triesFor', () => {
  it('tries the cluster, the node, a few open ports and the probes, and nothing else', () => {
    expect(tries.map(tryText)).to.deep.equal([
      'new tcp pod -> API server 10.96.0.1:443',
      'new tcp pod -> kubelet of its node 10.0.0.11:10250',
      'new tcp its node -> pod 10.0.0.2:9100',
      'new tcp its node -> pod 10.0.0.2:1',
      'new tcp its node -> pod 10.0.0.2:2',
      'new tcp probe from its node -> pod 10.0.0.2:8080',
    ]);
  });

  it('knows its own connections from those that were there before', () => {
    const flow = {
      protocol: 'tcp',
      podAddress: '10.0.0.2',
      podPort: 5000,
      peerAddress: '10.96.0.1',
      peerPort: 443,
    } as const;
    const held = socket({ remoteAddress: '10.96.0.1', remotePort: 443, state: 'ESTABLISHED' });
    expect(isOwnTry(flow, tries, [], [])).to.equal(true);
    expect(isOwnTry(flow, tries, [], [held])).to.equal(false);
    expect(isOwnTry({ ...flow, protocol: 'udp' }, tries, [], [])).to.equal(false);
    expect(isOwnTry({ ...flow, peerPort: 80 }, tries, [], [])).to.equal(false);
    const inbound = { ...flow, podPort: 9100, peerAddress: '10.244.2.1', peerPort: 40_000 };
    expect(isOwnTry(inbound, tries, ['10.244.2.1'], [])).to.equal(true);
    expect(isOwnTry(inbound, tries, [], [])).to.equal(false);
  });

  it('finds ports that listen for others', () => {
    const sockets = [
      socket({ localAddress: '0.0.0.0', localPort: 80 }),
      socket({ localAddress: '127.0.0.1', localPort: 81 }),
      socket({ localAddress: '::', localPort: 80 }),
      socket({ localPort: 82, state: 'ESTABLISHED' }),
      socket({ localPort: 9 }),
    ];
    expect(listeningPorts(sockets, '10.0.0.2')).to.deep.equal([9, 80]);
  });
});

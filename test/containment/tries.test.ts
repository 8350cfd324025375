import { expect } from 'chai';
import type { InetSocket } from '../../src/artifacts/net-inet.ts';
import type { Flow } from '../../src/containment/counters.ts';
import type { KnownPeers } from '../../src/containment/peers.ts';
import {
  isFlowOf,
  listeningPorts,
  type Try,
  triesFor,
  tryLine,
  tryText,
} from '../../src/containment/tries.ts';

const socket = (changes: Partial<InetSocket>): InetSocket => ({
  ...{ localAddress: '10.0.0.2', localPort: 5000, remoteAddress: '0.0.0.0', remotePort: 0 },
  ...{ state: 'LISTEN', uid: 0, inode: 1 },
  ...changes,
});
const peers: KnownPeers = {
  out: [
    { what: 'API server', address: '10.96.0.1', port: 443, protocol: 'tcp' },
    { what: 'cluster DNS', address: 'fd96::10', port: 53, protocol: 'udp' },
  ],
  services: [{ name: 'shop', addresses: ['10.96.0.6'], port: 80, podPort: 8080, nodePort: 30_002 }],
  node: ['10.0.0.11'],
};
const pod = {
  addresses: ['10.0.0.2'],
  ports: [8080, 9100],
  probePorts: [8080],
  linkLocal: {
    node: [{ address: 'fe80::1', link: 'eth0' }],
    pod: [{ address: 'fe80::2', link: 'cni0' }],
  },
};
const probers = {
  near: { node: 'node-a', addresses: ['10.0.0.3'] },
  far: { node: 'node-b', addresses: ['10.0.1.3'] },
};
const tries = triesFor(peers, pod, probers);
const find = (text: string): Try => {
  const found = tries.find((one) => tryText(one).startsWith(text));
  if (found === undefined) throw new Error(`no try ${text}`);
  return found;
};

describe('triesFor', () => {
  it('tries each way out and in, in the families that the pod has', () => {
    expect(tries.map(tryText)).to.deep.equal([
      'new tcp pod -> API server 10.96.0.1:443',
      'new tcp pod -> probe pod on node-a 10.0.0.3:9',
      'new udp pod -> probe pod on node-a 10.0.0.3:9',
      'new icmp pod -> probe pod on node-a 10.0.0.3',
      'new tcp pod -> probe pod on node-b 10.0.1.3:9',
      'new udp pod -> probe pod on node-b 10.0.1.3:9',
      'new icmp pod -> probe pod on node-b 10.0.1.3',
      'new icmp pod -> its node, link-local fe80::1',
      'new tcp pod -> its node, link-local [fe80::1]:9',
      'new tcp host network of its node -> pod 10.0.0.2:9100',
      'new icmp host network of its node, link-local -> pod fe80::2',
      'new tcp probe from its node -> pod 10.0.0.2:8080',
      'new tcp probe pod on node-a -> pod 10.0.0.2:8080',
      'new tcp probe pod on node-a -> pod 10.0.0.2:9100',
      'new udp probe pod on node-a -> pod 10.0.0.2:9',
      'new tcp probe pod on node-a -> pod [fe80::2]:9',
      'new tcp probe pod on node-a by service/shop 10.96.0.6:80 -> pod',
      'new tcp probe pod on node-a by node port 10.0.0.11:30002 -> pod',
      'new tcp probe pod on node-b -> pod 10.0.0.2:8080',
      'new tcp probe pod on node-b -> pod 10.0.0.2:9100',
      'new udp probe pod on node-b -> pod 10.0.0.2:9',
      'new tcp probe pod on node-b by service/shop 10.96.0.6:80 -> pod',
      'new tcp probe pod on node-b by node port 10.0.0.11:30002 -> pod',
    ]);
  });

  it('knocks at a closed port of a pod that declares none, and tries both families of one that has them', () => {
    const quiet = { ...pod, addresses: ['10.0.0.2', 'fd00::2'], ports: [], probePorts: [] };
    const texts = triesFor(peers, quiet, probers).map(tryText);
    expect(texts).to.include.members([
      'new udp pod -> cluster DNS [fd96::10]:53',
      'new tcp probe pod on node-b -> pod 10.0.0.2:9',
      'new udp probe pod on node-b -> pod [fd00::2]:9',
    ]);
    expect(triesFor(peers, quiet, {}).some((one) => one.from === 'near')).to.equal(false);
  });

  it('are lines for a script, never made of what is no address', () => {
    expect(tryLine(find('new icmp pod -> its node'), 7, 'pod')).to.equal('7 pod icmp fe80::1%eth0 0');
    expect(tryLine(find('new udp probe pod on node-a'), 3)).to.equal('3 udp 10.0.0.2 9');
    const one = find('new tcp pod');
    for (const bad of [
      { address: '$(id)' },
      { address: '10.0.0.1 9' },
      { port: Number.NaN },
      { link: 'a b' },
    ])
      expect(() => tryLine({ ...one, ...bad }, 1)).to.throw();
  });
});

describe('isFlowOf', () => {
  const sources = { node: ['10.0.0.11', '10.0.0.1'], probers };
  const out: Flow = {
    ...{ protocol: 'tcp', podAddress: '10.0.0.2', podPort: 5000, peerAddress: '10.96.0.1', peerPort: 443 },
  };
  const into: Flow = { ...out, podPort: 8080, peerAddress: '10.0.0.3', peerPort: 40_000 };

  it('knows its own connections from those that were there before', () => {
    const held = socket({ remoteAddress: '10.96.0.1', remotePort: 443, state: 'ESTABLISHED' });
    const api = find('new tcp pod -> API server');
    expect(isFlowOf(api, out, sources, [])).to.equal(true);
    expect(isFlowOf(api, out, sources, [held])).to.equal(false);
    expect(isFlowOf(api, { ...out, protocol: 'udp' }, sources, [])).to.equal(false);
    expect(isFlowOf(api, { ...out, peerPort: 80 }, sources, [])).to.equal(false);
  });

  it('knows a probe pod by its address, and by that of a node when a Service led it', () => {
    const direct = find('new tcp probe pod on node-a -> pod 10.0.0.2:8080');
    const service = find('new tcp probe pod on node-a by service');
    const byNode = { ...into, peerAddress: '10.0.0.1' };
    expect(isFlowOf(direct, into, sources, [])).to.equal(true);
    expect(isFlowOf(direct, byNode, sources, [])).to.equal(false);
    expect(isFlowOf(service, into, sources, [])).to.equal(true);
    expect(isFlowOf(service, byNode, sources, [])).to.equal(true);
    expect(isFlowOf(service, { ...into, peerAddress: '10.9.9.9' }, sources, [])).to.equal(false);
    expect(isFlowOf(find('new tcp host network'), { ...byNode, podPort: 9100 }, sources, [])).to.equal(true);
  });
});

describe('listeningPorts', () => {
  it('are those that listen for others', () => {
    const sockets = [
      socket({ localAddress: '0.0.0.0', localPort: 80 }),
      socket({ localAddress: '127.0.0.1', localPort: 81 }),
      socket({ localAddress: '::', localPort: 80 }),
      socket({ localPort: 82, state: 'ESTABLISHED' }),
      socket({ localPort: 9 }),
    ];
    expect(listeningPorts(sockets, ['10.0.0.2'])).to.deep.equal([9, 80]);
  });
});

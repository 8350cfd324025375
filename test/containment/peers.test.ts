import { expect } from 'chai';
import type { Service } from '../../src/cluster/objects.ts';
import { knownPeers, type PeerObjects } from '../../src/containment/peers.ts';
import { aNode } from '../fake-api/builders.ts';

const service = (name: string, spec: NonNullable<Service['spec']>): Service => ({
  metadata: { name, namespace: 'n' },
  spec,
});
type Ports = NonNullable<NonNullable<Service['spec']>['ports']>;
const around: PeerObjects = {
  node: aNode('node-a'),
  services: [],
  apiServer: undefined,
  apiServers: [],
  dns: undefined,
};
const pod = { labels: { app: 'shop' }, namedPorts: new Map([['http', 8080]]) };
const texts = (objects: Partial<PeerObjects>): string[] =>
  knownPeers({ ...around, ...objects }, pod).out.map(
    (one) => `${one.what} ${one.protocol} ${one.address} ${one.port}`,
  );

const metadata = ['metadata service tcp 169.254.169.254 80', 'metadata service tcp fd00:ec2::254 80'];

describe('knownPeers', () => {
  it('are the node and the metadata service even where nothing else is known', () => {
    expect(texts({})).to.deep.equal([
      'kubelet of its node tcp 10.0.0.11 10250',
      'host network of its node tcp 10.0.0.11 9',
      'host network of its node udp 10.0.0.11 9',
      ...metadata,
    ]);
    expect(texts({ node: undefined })).to.deep.equal(metadata);
  });

  it('are API server and DNS by their Services in every family, and the API server itself', () => {
    const dns = service('kube-dns', {
      clusterIPs: ['10.96.0.10', 'fd96::10'],
      ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }],
    });
    const apiServer = service('kubernetes', { clusterIP: '10.96.0.1', ports: [{ port: 443 }] });
    const found = texts({
      node: undefined,
      dns,
      apiServer,
      apiServers: [{ address: '10.0.0.1', port: 6443 }],
    });
    expect(found).to.deep.equal([
      'API server tcp 10.96.0.1 443',
      'API server itself tcp 10.0.0.1 6443',
      'cluster DNS udp 10.96.0.10 53',
      'cluster DNS tcp 10.96.0.10 53',
      'cluster DNS udp fd96::10 53',
      'cluster DNS tcp fd96::10 53',
      ...metadata,
    ]);
  });

  it('are other Services and a node port, but no headless one, and outside only what is given', () => {
    const services = [
      service('headless', { clusterIP: 'None', ports: [{ port: 1 }] }),
      service('db', { clusterIP: '10.96.0.5', ports: [{ port: 5432, nodePort: 30_001 }] }),
      service('shop', { clusterIP: '10.96.0.6', selector: { app: 'shop' }, ports: [{ port: 80 }] }),
    ];
    const found = texts({ services, outside: { address: '198.51.100.7', port: 443 } });
    expect(found).to.include.members([
      'service/db tcp 10.96.0.5 5432',
      'node port tcp 10.0.0.11 30001',
      'outside tcp 198.51.100.7 443',
    ]);
    expect(found.join()).not.to.match(/headless|service\/shop/);
  });

  it('are Services of the pod with the port where they lead to', () => {
    const own = (ports: Ports): Service =>
      service('shop', { clusterIP: '10.96.0.6', selector: { app: 'shop' }, ports });
    const services = (ports: Ports): unknown =>
      knownPeers({ ...around, services: [own(ports)] }, pod).services;
    const common = { name: 'shop', addresses: ['10.96.0.6'], port: 80 };
    expect(services([{ port: 80, targetPort: 'http', nodePort: 30_002 }])).to.deep.equal([
      { ...common, podPort: 8080, nodePort: 30_002 },
    ]);
    expect(services([{ port: 80 }])).to.deep.equal([{ ...common, podPort: 80 }]);
    expect(services([{ port: 80, targetPort: 'unknown' }])).to.deep.equal([]);
    expect(services([{ port: 53, protocol: 'UDP' }])).to.deep.equal([]);
  });
});

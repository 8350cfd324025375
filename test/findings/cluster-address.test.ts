import { expect } from 'chai';
import { commonReason, parseClusterAddresses } from '../../src/findings/cluster-address.ts';
import type { Indicator } from '../../src/findings/indicator.ts';

const list = (kind: string, ...items: object[]): Buffer => Buffer.from(JSON.stringify({ kind, items }));
const service = (namespace: string, name: string, spec: object): object => ({
  metadata: { namespace, name, creationTimestamp: '2026-11-01T00:00:00Z' },
  spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 443 }], ...spec },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.6' }] } },
});
const reason = (
  bytes: Buffer,
  text: string,
  suspected: string | undefined = '2026-11-20T00:00:00Z',
): unknown => {
  const [value = '', port] = text.split(' ');
  const one: Indicator = {
    type: 'address',
    value,
    from: 'f',
    ...(port === undefined ? {} : { port: Number(port) }),
  };
  return commonReason(one, parseClusterAddresses(bytes) ?? [], suspected);
};

describe('addresses of the cluster itself', () => {
  it('are the API server, Services that are older than the suspect, and kubelets, at their ports', () => {
    const services = list(
      'ServiceList',
      service('default', 'kubernetes', { clusterIP: '10.96.0.1', selector: undefined }),
      service('kube-system', 'kube-dns', { clusterIPs: ['10.96.0.10', 'fd00::0a'], ports: [{ port: 53 }] }),
    );
    expect(reason(services, '10.96.0.1 443', 'no time')).to.equal(
      'the API server (Service default/kubernetes)',
    );
    expect(reason(services, '10.96.0.10 53')).to.equal('Service kube-system/kube-dns');
    expect(reason(services, 'fd00::a 53')).to.equal('Service kube-system/kube-dns');
    expect(reason(services, '10.96.0.10')).to.equal('Service kube-system/kube-dns');
    expect(reason(services, '10.96.0.10 4444')).to.equal(undefined);
    const slices = list('EndpointSliceList', {
      metadata: { namespace: 'default', name: 'kubernetes' },
      endpoints: [{ addresses: ['192.168.1.5'] }],
      ports: [{ port: 6443 }],
    });
    expect(reason(slices, '192.168.1.5 6443')).to.equal('the API server');
    const nodes = list('NodeList', {
      metadata: { name: 'n1' },
      status: { addresses: [{ type: 'InternalIP', address: '192.168.1.6' }] },
    });
    expect(reason(nodes, '192.168.1.6 10250')).to.equal('the kubelet of node n1');
    expect(reason(nodes, '192.168.1.6 4444')).to.equal(undefined);
    expect(reason(list('NodeList'), '169.254.169.254 80')).to.contain('the metadata service');
  });
  it('are none that an intruder can choose by an object of his', () => {
    const evil = '203.0.113.6';
    const bare = { externalIPs: [evil], ports: [{ port: 443 }] };
    const services = list(
      'ServiceList',
      service('shop', 'external', { ...bare, clusterIP: '10.96.0.20' }),
      service('shop', 'named', { type: 'ExternalName', externalName: evil, clusterIP: evil }),
      // Without a selector its endpoints are whatever its maker writes.
      service('shop', 'kubernetes', { selector: {}, clusterIP: '10.96.0.66' }),
      service('shop', 'headless', { clusterIP: 'None' }),
      service('shop', 'odd', { clusterIP: { length: 3 }, ports: 'x' }),
    );
    expect(reason(services, `${evil} 443`)).to.equal(undefined);
    expect(reason(services, '10.96.0.66 443')).to.equal(undefined);
    const slices = list(
      'EndpointSliceList',
      ...['kubernetes-x', 'web'].map((name) => ({
        metadata: { namespace: 'default', name, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        endpoints: [{ addresses: [evil] }],
        ports: [{ port: 443 }],
      })),
      {
        metadata: { namespace: 'shop', name: 'kubernetes' },
        endpoints: [{ addresses: [evil] }],
        ports: [{ port: 443 }],
      },
    );
    expect(reason(slices, `${evil} 443`)).to.equal(undefined);
    // Who has a node has the credentials by which its addresses are written.
    const nodes = list('NodeList', {
      metadata: { name: 'n1' },
      status: { addresses: ['InternalIP', 'ExternalIP'].map((type) => ({ type, address: evil })) },
    });
    expect(reason(nodes, `${evil} 10250`)).to.equal(undefined);
  });
  it('are no Service that was made since, nor where it is not known since when', () => {
    const services = list('ServiceList', service('shop', 'db', { clusterIP: '10.96.0.20' }));
    expect(reason(services, '10.96.0.20 443', '2026-10-31T00:00:00Z')).to.equal(undefined);
    expect(
      commonReason(
        { type: 'address', value: '10.96.0.20', from: 'f' },
        parseClusterAddresses(services) ?? [],
        undefined,
      ),
    ).to.equal(undefined);
    expect(commonReason({ type: 'domain', value: '10.96.0.20', from: 'f' }, [], undefined)).to.equal(
      undefined,
    );
    expect(parseClusterAddresses(Buffer.from('{}'))).to.equal(undefined);
  });
});

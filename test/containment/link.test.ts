import { expect } from 'chai';
import fc from 'fast-check';
import { parsePodLink } from '../../src/containment/link.ts';
import { OperationError } from '../../src/output/errors.ts';

const flags = '<BROADCAST,MULTICAST,UP,LOWER_UP>';

type Part = 'process' | 'pod' | 'node' | 'addresses' | 'inside' | 'bridges' | 'route' | 'rest';

function output(changes: Partial<Record<Part, string>> = {}): Buffer {
  const parts = {
    inside: '2: eth0    inet 10.244.2.7/24 scope global eth0\n2: eth0    inet6 fe80::7/64 scope link',
    bridges: 'cni0',
    route: '10.244.2.7 dev cni0  src 10.244.2.1 ',
    rest: '',
    process: '4242 net:[4026532741]',
    pod: `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n2: eth0@if7: ${flags} mtu 1500`,
    node: `1: lo: <LOOPBACK,UP,LOWER_UP>\n2: cni0: ${flags} mtu 1500\n7: veth9bd0b104@if2: ${flags} mtu 1500`,
    addresses: '2: cni0    inet 10.244.2.1/24 scope global cni0\n2: cni0    inet6 fe80::1/64 scope link',
    ...changes,
  };
  return Buffer.from(
    [
      `noise\n== process\n${parts.process}\n== pod-addresses\n${parts.inside}\n== pod-links\n${parts.pod}`,
      `== node-links\n${parts.node}\n== node-addresses\n${parts.addresses}`,
      `== bridges\n${parts.bridges}\n== route\n${parts.route}\n${parts.rest}\n`,
    ].join('\n'),
    'latin1',
  );
}

const names = (bytes: Buffer): string[] => parsePodLink(bytes).links.map(({ name }) => name);

describe('parsePodLink', () => {
  it('finds the host side, the process and the addresses of the node', () => {
    expect(parsePodLink(output())).to.deep.equal({
      pid: 4242,
      namespace: 'net:[4026532741]',
      links: [{ name: 'veth9bd0b104', attachment: 'routed' }],
      uncut: [],
      inner: ['eth0'],
      nodeAddresses: ['10.244.2.1', 'fe80::1'],
      linkLocal: { node: [], pod: [{ address: 'fe80::7', link: 'veth9bd0b104' }] },
      probeSource: '10.244.2.1',
      egress: false,
    });
  });

  it('takes a link that is down for one that may come up, where it leads or lies on another', () => {
    const pod = `1: x: ${flags}\n2: lo@if7: <UP>\n3: net1@if8: <>\n4: tunl0: <>\n5: net2@if9: <>`;
    const node = `7: veth1@if2: ${flags}\n8: veth2@if3: ${flags}`;
    const found = parsePodLink(output({ pod, node }));
    expect(found.links.map(({ name }) => name)).to.deep.equal(['veth1', 'veth2']);
    expect([found.inner, found.uncut]).to.deep.equal([['lo', 'net1', 'net2'], ['net2']]);
  });

  it('tells a port of a bridge, with the address that frames for the node go to, from other masters', () => {
    const mac = (text: string): string => `\\    link/ether ${text} brd ff:ff:ff:ff:ff:ff`;
    const bridge = `2: cni0: ${flags} mtu 1500${mac('0a:58:0a:f4:02:01')}`;
    const port = (master: string): string =>
      `7: veth1@if2: ${flags} mtu 1500 master ${master}${mac('0e:00:00:00:00:01')}`;
    const bridged = parsePodLink(output({ node: `${bridge}\n${port('cni0')}`, rest: '== egress' }));
    expect(bridged.links).to.deep.equal([{ name: 'veth1', attachment: 'bridge', mac: '0a:58:0a:f4:02:01' }]);
    expect(bridged.egress).to.equal(true);
    expect(bridged.linkLocal).to.deep.equal({
      node: [{ address: 'fe80::1', link: 'eth0' }],
      pod: [{ address: 'fe80::7', link: 'cni0' }],
    });
    const other = parsePodLink(output({ node: `${bridge}\n${port('ovs-system')}` }));
    expect(other.links).to.deep.equal([{ name: 'veth1', attachment: 'other' }]);
    const hostile = parsePodLink(output({ node: `2: cni0: ${flags} link/ether a"b\n${port('cni0')}` }));
    expect(hostile.links[0]).not.to.have.property('mac');
  });

  it('takes no address of the route that is none', () => {
    expect(parsePodLink(output({ route: '10.244.2.7 src 1.2.3' }))).not.to.have.property('probeSource');
  });

  it('takes every link of a pod that has several', () => {
    const pod = `2: eth0@if7: ${flags}\n3: net1@if8: ${flags}`;
    const node = `7: veth1@if2: ${flags}\n8: veth2@if3: ${flags}`;
    expect(names(output({ pod, node }))).to.deep.equal(['veth1', 'veth2']);
  });

  it('names links that are up and cannot be cut, and ignores those that are down', () => {
    const pod = `2: eth0@if7: ${flags}\n3: net1@if2: ${flags}\n4: tun0: <UP>\n5: sit0@NONE: <NOARP>`;
    expect(parsePodLink(output({ pod })).uncut).to.deep.equal(['net1', 'tun0']);
  });

  it('does not believe one side alone', () => {
    const node = `7: veth9bd0b104@if9: ${flags}`;
    expect(parsePodLink(output({ node }))).to.deep.include({ links: [], uncut: ['eth0'] });
  });

  it('never takes a name that is not plain', () => {
    for (const name of ['veth"1', '$(reboot)', 'a;b', 'veth\x1b[2J']) {
      const { links } = parsePodLink(output({ node: `7: ${name}@if2: ${flags}` }));
      expect(links, name).to.deep.equal([]);
    }
  });

  it('throws an OperationError or gives plain names, whatever the node prints', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(400), (noise, at) => {
        const bytes = output();
        const mixed = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
        try {
          const { links, pid } = parsePodLink(mixed);
          expect(links.every(({ name }) => /^[\w.-]{1,15}$/.test(name))).to.equal(true);
          expect(Number.isInteger(pid)).to.equal(true);
        } catch (error) {
          expect(error).to.be.instanceOf(OperationError);
        }
      }),
    );
  });
});

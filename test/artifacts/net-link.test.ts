import { expect } from 'chai';
import {
  parseArp,
  parseInterfaceAddresses,
  parseRoutes,
  parseRoutes6,
} from '../../src/artifacts/net-link.ts';
import { survivesHostileBytes } from './hostile.ts';

const arp = `IP address       HW type     Flags       HW address            Mask     Device
198.51.100.7     0x1         0x2         02:42:ac:11:00:02     *        eth0
x
`;
const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;
const route6 = `20010db8000000000000000000000000 20 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
bad
`;
const addresses = 'fe80000000000000004200fffeac0002 03 40 20 80     eth0\n';

describe('tables of links', () => {
  it('give neighbours', () =>
    expect([...parseArp(Buffer.from(arp))]).to.deep.equal([
      { address: '198.51.100.7', hardware: '02:42:ac:11:00:02', flags: 2, device: 'eth0' },
      { malformed: 'no row of the neighbour table', offset: arp.indexOf('x\n', 90) },
    ]));

  it('give routes of either byte order', () => {
    const [first, second] = [...parseRoutes(Buffer.from(route))];
    expect(first).to.deep.equal({
      destination: '0.0.0.0/0',
      gateway: '192.168.1.1',
      flags: 3,
      metric: 100,
      device: 'eth0',
    });
    expect(second).to.include({ destination: '192.168.1.0/24', gateway: '0.0.0.0' });
    const big = route
      .replace('0001A8C0', 'C0A80100')
      .replace('00FFFFFF', 'FFFFFF00')
      .replace('0101A8C0', 'C0A80101');
    expect([...parseRoutes(Buffer.from(big))]).to.deep.equal([first, second]);
  });

  it('give routes and addresses of IPv6', () => {
    expect([...parseRoutes6(Buffer.from(route6))]).to.deep.equal([
      { destination: '2001:db8::/32', gateway: 'fe80::1', flags: 3, metric: 1024, device: 'eth0' },
      { malformed: 'no row of the route table of IPv6', offset: route6.indexOf('bad') },
    ]);
    expect([...parseInterfaceAddresses(Buffer.from(addresses))]).to.deep.equal([
      { address: 'fe80::42:ff:feac:2', prefix: 64, interfaceIndex: 3, device: 'eth0' },
    ]);
  });

  it('survive hostile bytes', () => {
    survivesHostileBytes(parseArp, arp);
    survivesHostileBytes((bytes) => parseRoutes(bytes), route);
    survivesHostileBytes(parseRoutes6, route6);
    survivesHostileBytes(parseInterfaceAddresses, addresses);
  });
});

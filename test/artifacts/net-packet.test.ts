import { expect } from 'chai';
import fc from 'fast-check';
import { parseNetlink, parsePacket } from '../../src/artifacts/net-packet.ts';

const packet = `sk       RefCnt Type Proto  Iface R Rmem   User   Inode
0000000000000000 3      3    0003   2     1 0      0      4294968000
short 3
`;
const netlink = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
0000000000000000 15  4242       00000002 0        0        0     2        0        555
`;

describe('parsePacket', () => {
  it('reads a sniffer and goes on behind what is none', () => {
    expect([...parsePacket(Buffer.from(packet))]).to.deep.equal([
      { type: 3, protocol: 3, interfaceIndex: 2, uid: 0, inode: 4294968000 },
      { malformed: 'no row of the packet socket table', offset: packet.indexOf('short') },
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parsePacket(Buffer.from(data)));
      }),
    );
  });
});

describe('parseNetlink', () => {
  it('reads a listener for kernel events', () => {
    expect([...parseNetlink(Buffer.from(netlink))]).to.deep.equal([
      { protocol: 15, portId: 4242, inode: 555 },
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parseNetlink(Buffer.from(data)));
      }),
    );
  });
});

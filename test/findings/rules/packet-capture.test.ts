import { expect } from 'chai';
import { packetCapture } from '../../../src/findings/rules/packet-capture.ts';
import { processItems, seenBy } from '../traces-lab.ts';

describe('rule packet-capture', () => {
  it('finds a program without a file that sees every packet', () => {
    expect(
      seenBy(
        packetCapture,
        processItems(11, { exe: '/dev/shm/kdmtmpflush (deleted)', links: 0, fd: { 3: 'socket:[77]' } }),
        packets('0003'),
      ),
    ).to.deep.equal(['critical: holds a socket that sees every packet of its network']);
  });
  it('scores down one of the node', () => {
    expect(
      seenBy(
        packetCapture,
        processItems(11, { exe: '/usr/bin/tcpdump', fd: { 3: 'socket:[77]' } }),
        packets('0003'),
      ),
    ).to.deep.equal(['low: holds a socket that sees every packet of its network']);
  });
  it('leaves one protocol alone', () => {
    expect(
      seenBy(
        packetCapture,
        processItems(11, { exe: '/usr/sbin/lldpd', fd: { 3: 'socket:[77]' } }),
        packets('88cc'),
      ),
    ).to.deep.equal([]);
  });
});

/** One socket of inode 77 for a protocol. */
function packets(protocol: string): Record<string, string> {
  return { '[root]/proc/net/packet': `sk a b c d e f g h\nffff 3 3 ${protocol} 2 1 0 0 77\n` };
}

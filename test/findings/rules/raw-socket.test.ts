import { expect } from 'chai';
import { rawSocket } from '../../../src/findings/rules/raw-socket.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule raw-socket', () => {
  const fd = { 3: 'socket:[77]' };

  it('finds one of a program without a file, in a container and on the node', () => {
    const seen = 'high: sees all packets of protocol 6 that its network gets';
    const knock = { exe: '/dev/shm/kdmtmpflush (deleted)', links: 0, fd };
    expect(seenBy(rawSocket, processItems(11, knock), raw(6))).to.deep.equal([seen]);
    expect(seenBy(rawSocket, processItems(11, { ...knock, in: web }), raw(6))).to.deep.equal([seen]);
    expect(seenBy(rawSocket, processItems(11, { exe: '/tmp/x', fd }), raw(255))).to.deep.equal([
      'high: can send packets with any sender',
    ]);
  });
  it('scores down one in a container, and further what ping has', () => {
    const ping = processItems(11, { exe: '/usr/bin/ping', fd, in: web });
    expect(seenBy(rawSocket, ping, raw(1))).to.deep.equal([
      'low: sees all packets of protocol 1 that its network gets',
    ]);
    expect(seenBy(rawSocket, ping, raw(17))).to.deep.equal([
      'medium: sees all packets of protocol 17 that its network gets',
    ]);
  });
  it('leaves daemons of the node alone, and sockets that nobody holds', () => {
    const daemon = processItems(11, { exe: '/usr/sbin/keepalived', fd });
    expect(seenBy(rawSocket, daemon, raw(112))).to.deep.equal([]);
    expect(seenBy(rawSocket, raw(6))).to.deep.equal([]);
  });
});

/** One socket of inode 77 for a protocol, as net/ipv4/raw.c prints it. */
function raw(protocol: number): Record<string, string> {
  const port = protocol.toString(16).toUpperCase().padStart(4, '0');
  return {
    '[root]/proc/net/raw': `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n   6: 00000000:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77 2 0000000000000000 0\n`,
  };
}

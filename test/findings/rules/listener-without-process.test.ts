import { expect } from 'chai';
import { listenerWithoutProcess } from '../../../src/findings/rules/listener-without-process.ts';
import { bookOfLooks, cleanNode, judged, nodeNamespaces, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule listener-without-process', () => {
  it('finds a port that no process has open', () => {
    expect(seenBy(listenerWithoutProcess, tcp('0A', 77))).to.deep.equal(['medium: listens at 0.0.0.0:31337']);
  });
  it('leaves alone what a process has open, what is being closed, and connections', () => {
    const holder = processItems(11, { exe: '/usr/sbin/sshd', fd: { 3: 'socket:[77]' } });
    expect(seenBy(listenerWithoutProcess, holder, tcp('0A', 77))).to.deep.equal([]);
    expect(seenBy(listenerWithoutProcess, tcp('0A', 0))).to.deep.equal([]);
    expect(seenBy(listenerWithoutProcess, tcp('01', 77))).to.deep.equal([]);
  });
  it('leaves alone tables of the node that were taken of a pod in its network, without its processes', () => {
    const pod = {
      ...processItems(10, { in: web, namespaces: { net: nodeNamespaces.net } }),
      ...tcp('0A', 77),
    };
    const judge = (...looks: Parameters<typeof bookOfLooks>[0]): number =>
      judged(listenerWithoutProcess, bookOfLooks(looks).traces()).length;
    expect(judge(cleanNode(), pod)).to.equal(0);
    expect(judge({ ...cleanNode(), ...tcp('0A', 77) }, pod)).to.equal(1);
  });
});

/** One socket of port 31337, with its state in hex. */
function tcp(state: string, inode: number): Record<string, string> {
  const row = `0: 00000000:7A69 00000000:0000 ${state} 0:0 0:0 0 0 0 ${inode} 1`;
  return { '[root]/proc/net/tcp': `sl a b c d e f g h i\n${row}\n` };
}

import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { JoinedTables } from '../../src/artifacts/joined.ts';

const stat = '17 (sh) S 1 1 1 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 150 0 0\n';

describe('JoinedTables', () => {
  it('says when a process started, and who holds a socket', () => {
    const tables = new JoinedTables();
    const add = (name: string, text: string): void => {
      expect(JoinedTables.wants(Buffer.from(name)), name).to.equal(true);
      tables.add(Buffer.from(name), Buffer.from(text));
    };
    add('[root]/proc/17/stat', stat);
    add('[root]/proc/stat', 'btime 1763000000\n');
    add('live_response/process/executables.txt', '17 1 2 0 3 4 5\n');
    tables.addLink(Buffer.from('[root]/proc/17/fd/0'), Buffer.from('socket:[9]'));
    add(
      '[root]/proc/net/unix',
      'Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 9 /run/x\nbad\n',
    );
    expect(tables.processes()[0]).to.include({ pid: 17, started: '2025-11-13T02:13:21.50Z', deleted: true });
    const [socket, bad] = [...tables.sockets()];
    expect(socket && !isMalformed(socket) && socket.holders.map(({ pid }) => pid)).to.deep.equal([17]);
    expect(bad).to.have.property('malformed');
  });

  it('leaves the start out when the boot is not known', () => {
    const tables = new JoinedTables();
    tables.add(Buffer.from('[root]/proc/17/stat'), Buffer.from(stat));
    expect(tables.processes()[0]).not.to.have.property('started');
  });
});

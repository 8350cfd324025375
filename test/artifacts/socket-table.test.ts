import { expect } from 'chai';
import { ProcessTable } from '../../src/artifacts/process-table.ts';
import { SocketTable } from '../../src/artifacts/socket-table.ts';

function processes(): ProcessTable {
  const table = new ProcessTable();
  for (const pid of [20, 10]) {
    table.addFile(Buffer.from(`[root]/proc/${pid}/cmdline`), Buffer.from('x\0'));
    table.addLink(Buffer.from(`[root]/proc/${pid}/fd/3`), Buffer.from('socket:[55]'));
    table.addLink(Buffer.from(`[root]/proc/${pid}/ns/net`), Buffer.from('net:[4026532000]'));
  }
  return table;
}

describe('SocketTable', () => {
  it('reads addresses in the byte order of the node, whichever comes first', () => {
    const cpuinfo = [Buffer.from('[root]/proc/cpuinfo'), Buffer.from('vendor_id : IBM/S390\n')] as const;
    const table = [
      Buffer.from('[root]/proc/net/tcp'),
      Buffer.from('0: 7F000001:1F90 7F000002:01BB 01 0:0 00:0 0 0 0 55 1\n'),
    ] as const;
    for (const order of [
      [cpuinfo, table],
      [table, cpuinfo],
    ]) {
      const sockets = new SocketTable();
      for (const [name, bytes] of order) {
        expect(SocketTable.wants(name)).to.equal(true);
        sockets.add(name, bytes);
      }
      expect([...sockets.records([])][0]).to.include({
        localAddress: '127.0.0.1',
        localPort: 8080,
        remoteAddress: '127.0.0.2',
      });
    }
  });
  it('joins rows with all their holders and names the namespace', () => {
    const sockets = new SocketTable();
    const row = (inode: number): string =>
      `   0: 0100007F:1F90 0200007F:01BB 01 0:0 00:0 0  0        0 ${inode} 1\n`;
    sockets.add(Buffer.from('[root]/proc/10/net/tcp'), Buffer.from(row(55) + row(0) + 'junk\n'));
    sockets.add(Buffer.from('[root]/proc/99/net/packet'), Buffer.from('0 3 3 0003 2 1 0 0 55\n'));
    const records = [...sockets.records(processes().records())];
    expect(records[0]).to.deep.include({
      family: 'tcp',
      namespace: 4026532000,
      pids: [10, 20],
      remoteAddress: '127.0.0.2',
    });
    expect(records[1]).to.deep.include({ pids: [], inode: 0 });
    expect(records[2]).to.have.property('malformed');
    expect(records[3]).to.deep.include({ family: 'packet', namespace: undefined, pids: [10, 20] });
  });

  it('knows the namespace of tables that were read by its name', () => {
    const sockets = new SocketTable();
    const name = Buffer.from('live_response/network/netns/4026532001/packet');
    expect(SocketTable.wants(name)).to.equal(true);
    sockets.add(name, Buffer.from('0 3 3 0003 2 1 0 0 55\n'));
    const [record] = sockets.records(processes().records());
    expect(record).to.deep.include({ family: 'packet', namespace: 4026532001, pids: [10, 20] });
  });

  it("knows the namespace of the node's own tables by their link, or by process 1", () => {
    const row = '0: 0100007F:1F90 0200007F:01BB 01 0:0 00:0 0 0 0 55 1\n';
    const namespaceOf = (table: ProcessTable, link?: string): unknown => {
      const sockets = new SocketTable();
      sockets.add(Buffer.from('[root]/proc/net/tcp'), Buffer.from(row));
      sockets.addLink(Buffer.from('[root]/proc/10/ns/net'), Buffer.from('net:[1]'));
      if (link !== undefined) sockets.addLink(Buffer.from('[root]/proc/self/ns/net'), Buffer.from(link));
      const [record] = sockets.records(table.records());
      expect(record).to.deep.include({ table: '[root]/proc/net/tcp', pids: [10, 20] });
      return record !== undefined && 'namespace' in record && record.namespace;
    };
    expect(namespaceOf(processes(), 'net:[4026531840]')).to.equal(4026531840);
    expect(namespaceOf(processes())).to.equal(undefined);
    const node = processes();
    node.addFile(Buffer.from('[root]/proc/1/cmdline'), Buffer.from('init\0'));
    node.addLink(Buffer.from('[root]/proc/1/ns/net'), Buffer.from('net:[4026531840]'));
    expect(namespaceOf(node)).to.equal(4026531840);
    expect(namespaceOf(node, 'mnt:[7]')).to.equal(4026531840);
  });

  it('takes socket tables only', () => {
    expect(SocketTable.wants(Buffer.from('live_response/network/netns/4026532001/dev'))).to.equal(false);
    expect(SocketTable.wants(Buffer.from('[root]/proc/1/net/udp6'))).to.equal(true);
    expect(SocketTable.wants(Buffer.from('[root]/proc/1/net/dev'))).to.equal(false);
    expect(SocketTable.wants(Buffer.from('[root]/proc/net/tcp'))).to.equal(true);
    expect(SocketTable.wants(Buffer.from('[root]/proc/net/nf_conntrack'))).to.equal(false);
  });
});

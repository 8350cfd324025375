import { expect } from 'chai';
import { mostArguments, ProcessTable } from '../../src/artifacts/process-table.ts';

const id = 'c3'.repeat(32);

describe('ProcessTable', () => {
  it('puts a process together from items in any order', () => {
    const table = new ProcessTable();
    table.addExecutable({ pid: 17, device: 1, inode: 2, links: 0, size: 3, modified: 4, changed: 5 });
    table.addLink(Buffer.from('[root]/proc/17/fd/3'), Buffer.from('socket:[901]'));
    table.addLink(Buffer.from('[root]/proc/17/fd/4'), Buffer.from('/tmp/socket:[902]'));
    table.addLink(Buffer.from('[root]/proc/17/exe'), Buffer.from('/tmp/x\n (deleted)'));
    table.addLink(Buffer.from('[root]/proc/17/ns/net'), Buffer.from('net:[4026532000]'));
    table.addFile(Buffer.from('[root]/proc/17/cmdline'), Buffer.from('x\0-y\0'));
    table.addFile(Buffer.from('[root]/proc/17/cgroup'), Buffer.from(`0::/kubepods/pod/${id}\n`));
    table.addFile(Buffer.from('[root]/proc/2/stat'), Buffer.from('cut'));
    const [first, second] = table.records();
    expect(first).to.deep.include({ pid: 2, stat: undefined, deleted: false });
    expect(second).to.deep.include({
      pid: 17,
      deleted: true,
      container: { containerId: id },
      executable: Buffer.from('/tmp/x\n (deleted)'),
      arguments: [Buffer.from('x'), Buffer.from('-y')],
      sockets: new Set([901]),
      namespaces: new Map([['net', 4026532000]]),
    });
  });

  it('holds few pieces of a command line of nothing but empty arguments, and all of its bytes', () => {
    const table = new ProcessTable();
    const bytes = Buffer.concat([Buffer.alloc(262_100), Buffer.from('stratum+tcp://x\0')]);
    table.addFile(Buffer.from('[root]/proc/17/cmdline'), bytes);
    const words = table.records()[0]?.arguments ?? [];
    expect(words).to.have.length(mostArguments);
    expect(words.reduce((sum, { length }) => sum + length, 0)).to.equal(bytes.length - (mostArguments - 1));
  });

  it('asks only for the files it reads', () => {
    expect(ProcessTable.wants(Buffer.from('[root]/proc/1/stat'))).to.equal(true);
    expect(ProcessTable.wants(Buffer.from('[root]/proc/1/environ'))).to.equal(false);
    expect(ProcessTable.wants(Buffer.from('[root]/proc/stat'))).to.equal(false);
  });
});

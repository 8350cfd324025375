import { expect } from 'chai';
import fc from 'fast-check';
import { parseProcStatus } from '../../src/artifacts/proc-status.ts';

const status = `Name:\tsh
Umask:\t0022
State:\tS (sleeping)
Tgid:\t4242
PPid:\t4200
TracerPid:\t99
Uid:\t0\t1000\t0\t0
Gid:\t5\t5\t5\t5
NSpid:\t4242\t7
VmRSS:\t    1234 kB
CapPrm:\t000001ffffffffff
CapEff:\t000001ffffffffff
CapBnd:\t00000000a80425fb
CapAmb:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t1
`;

describe('parseProcStatus', () => {
  it('reads ids, capabilities and confinement', () => {
    expect(parseProcStatus(Buffer.from(status))).to.deep.equal({
      name: 'sh',
      threadGroup: 4242,
      parent: 4200,
      tracer: 99,
      uids: [0, 1000, 0, 0],
      gids: [5, 5, 5, 5],
      namespacePids: [4242, 7],
      effective: 0x1ffffffffffn,
      permitted: 0x1ffffffffffn,
      bounding: 0xa80425fbn,
      ambient: 0n,
      noNewPrivileges: true,
      seccomp: 2,
      residentKiB: 1234,
    });
  });

  it('leaves out what an old kernel does not print', () => {
    expect(parseProcStatus(Buffer.from('Name:\tsh\nTgid:\t1\n'))).to.deep.equal({
      name: 'sh',
      threadGroup: 1,
      uids: [],
      gids: [],
      namespacePids: [],
    });
  });

  it('believes the first of two equal fields', () => {
    expect(parseProcStatus(Buffer.from('Tgid:\t1\nTgid:\t2\n')).threadGroup).to.equal(1);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array(), (data) => void parseProcStatus(Buffer.from(data))));
    for (let length = 0; length < status.length; length += 1)
      parseProcStatus(Buffer.from(status.slice(0, length)));
  });
});

import { expect } from 'chai';
import { linkInode, procPath } from '../../src/artifacts/proc-path.ts';

describe('procPath', () => {
  it('takes names of processes only', () => {
    expect(procPath(Buffer.from('[root]/proc/17/fd/3'))).to.deep.equal({ pid: 17, rest: 'fd/3' });
    for (const name of [
      '[root]/proc/self/stat',
      '[root]/proc/0/stat',
      'proc/1/stat',
      '[root]/proc/1',
      '[root]/etc/proc/1/stat',
    ])
      expect(procPath(Buffer.from(name)), name).to.equal(undefined);
  });
});

describe('linkInode', () => {
  it('takes the whole target only', () => {
    expect(linkInode(Buffer.from('socket:[4294967299]'), 'socket')).to.equal(4294967299);
    for (const target of ['/tmp/socket:[1]', 'socket:[1] (deleted)', 'socket:[1]\n', 'pipe:[1]', 'socket:[]'])
      expect(linkInode(Buffer.from(target), 'socket'), target).to.equal(undefined);
  });
});

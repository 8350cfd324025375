import { expect } from 'chai';
import { parseExecutables } from '../../src/artifacts/executable.ts';
import { survivesHostileBytes } from './hostile.ts';

describe('parseExecutables', () => {
  it('reads numbers above 4 GiB and tells other lines', () => {
    expect([...parseExecutables(Buffer.from('17 2049 4294967299 0 5368709120 1 2\n17 x\n'))]).to.deep.equal([
      { pid: 17, device: 2049, inode: 4294967299, links: 0, size: 5368709120, modified: 1, changed: 2 },
      { malformed: 'no line of the executables table', offset: 36 },
    ]);
  });

  it('lives through hostile bytes', () => {
    survivesHostileBytes(parseExecutables, '17 2049 4294967299 0 5368709120 1 2\n18 1 1 1 1 1 1\n');
  });
});

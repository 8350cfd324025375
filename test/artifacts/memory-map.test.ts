import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseMemoryMap } from '../../src/artifacts/memory-map.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `55d0c0a00000-55d0c0a24000 r-xp 00001000 fe:00 131 /usr/bin/x\\012y (deleted)
7ffd1c9e1000-7ffd1ca02000 rw-p 00000000 00:00 0                          [stack]
7f0000000000-7f0000001000 rwxp 00000000 00:00 0 
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
bad
`;

describe('parseMemoryMap', () => {
  it('reads regions with and without a file', () => {
    const read = [...parseMemoryMap(Buffer.from(sample))];
    expect(read[0]).to.deep.equal({
      start: 0x55d0c0a00000n,
      end: 0x55d0c0a24000n,
      permissions: 'r-xp',
      offset: 4096n,
      device: 'fe:00',
      inode: 131,
      path: Buffer.from('/usr/bin/x\\012y (deleted)'),
      deleted: true,
    });
    expect(read[2]).to.include({ permissions: 'rwxp', deleted: false }).and.not.to.have.property('path');
    expect(read[3]).to.include({ start: 0xffffffffff600000n });
    expect(read[4]).to.have.property('malformed');
  });

  it('reads its own process without a rest', () =>
    expect([...parseMemoryMap(readFileSync('/proc/self/maps'))].filter(isMalformed)).to.deep.equal([]));

  it('ends soon on long lines', () =>
    survivesLongLines(parseMemoryMap, '7f0000000000-7f0000001000 rwxp 00000000 00:00 0 '));

  it('survives hostile bytes', () => survivesHostileBytes(parseMemoryMap, sample));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { parseUnix } from '../../src/artifacts/net-unix.ts';

const table = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 101 /run/containerd/containerd.sock
0000000000000000: 00000003 00000000 00000000 0001 03 102
0000000000000000: 00000002 00000000 00000000 0002 01 103 @abstract\xff  two
`;

describe('parseUnix', () => {
  it('reads types, listeners and paths as bytes', () => {
    expect([...parseUnix(Buffer.from(table, 'latin1'))]).to.deep.equal([
      {
        type: 'stream',
        listening: true,
        state: 1,
        inode: 101,
        path: Buffer.from('/run/containerd/containerd.sock'),
      },
      { type: 'stream', listening: false, state: 3, inode: 102, path: undefined },
      {
        type: 'dgram',
        listening: false,
        state: 1,
        inode: 103,
        path: Buffer.from('@abstract\xff  two', 'latin1'),
      },
    ]);
  });

  it('tells the second line of a path with a newline as malformed', () => {
    const rows = [...parseUnix(Buffer.from(`${table}x: 2 0 0 1 1 104 /tmp/a\nb\n`))];
    expect(rows.at(-1)).to.have.property('malformed');
    expect(rows.at(-2)).to.have.property('inode', 104);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parseUnix(Buffer.from(data)));
      }),
    );
  });
});

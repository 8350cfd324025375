import { expect } from 'chai';
import { parseBodyfile } from '../../src/artifacts/bodyfile.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `# a remark
0|/bin/x%7Cy%25|131|-rwsr-xr-x|0|0|14328|1763000000|1763000001.5|1763000002|0
d41d8cd98f00b204e9800998ecf8427e|/a -> b|7|lrwxrwxrwx|1000|1000|1|1|2|3|4
0|/with|bar|9-128-3|d/drwx------|0|0|4096|-1|0|0|0
0|/x|7|-r|a|0|0|0|0|0|0
`;

describe('parseBodyfile', () => {
  it('reads entries, links, and names with bars', () => {
    const read = [...parseBodyfile(Buffer.from(sample))];
    expect(read[0]).to.deep.equal({
      name: Buffer.from('/bin/x|y%'),
      inode: '131',
      mode: '-rwsr-xr-x',
      uid: 0,
      gid: 0,
      size: 14328,
      accessed: 1763000000,
      modified: 1763000001.5,
      changed: 1763000002,
      created: 0,
    });
    expect(read[1]).to.deep.include({
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      name: Buffer.from('/a'),
      target: Buffer.from('b'),
      created: 4,
    });
    expect(read[2]).to.deep.include({ name: Buffer.from('/with|bar'), inode: '9-128-3', accessed: -1 });
    expect(read[3]).to.deep.equal({ malformed: 'no line of a body file', offset: sample.indexOf('0|/x|') });
  });

  it('decodes what is escaped in a name once, and a backslash that is none of it not at all', () => {
    const names = ['/a\\x0ab%5Cx0a\\x1B%1b', '/%5Cx41\\x41\\x2d%2', '/%255Cx0a'];
    const lines = names.map((name) => `0|${name}|7|-r|0|0|0|1|1|1|0\n`).join('');
    const read = [...parseBodyfile(Buffer.from(lines))].map((one) => 'name' in one && String(one.name));
    expect(read).to.deep.equal(['/a\nb\\x0a\u001b\u001b', '/\\x41\\x41\\x2d%2', '/%5Cx0a']);
  });

  it('reads a file of any size and time that a kernel has', () => {
    const line =
      '0|/dev/shm/x|7|-rwxr-xr-x|0|0|9223372036854775807|67767976233532800.5|-9223372036854775807|1|0\n';
    expect([...parseBodyfile(Buffer.from(line))]).to.deep.include.members([
      {
        name: Buffer.from('/dev/shm/x'),
        inode: '7',
        mode: '-rwxr-xr-x',
        uid: 0,
        gid: 0,
        size: Number(2n ** 63n),
        accessed: Number('67767976233532800.5'),
        modified: -Number(2n ** 63n),
        changed: 1,
        created: 0,
      },
    ]);
  });

  it('ends soon on long lines', () => survivesLongLines(parseBodyfile, '0|'));

  it('survives hostile bytes', () => survivesHostileBytes(parseBodyfile, sample));
});

import { expect } from 'chai';
import { factsOf, isWhiteout, parseFacts } from '../../src/filesystem/entry.ts';

const tail = '|1795397571|2026-11-23 01:32:51.813746276 +0000|-1|1969-12-31 23:59:59.500000000 +0000|';

describe('an entry', () => {
  it('is read from what busybox stat prints', () => {
    const entry = parseFacts(`89ed|1|2|300|4|77|0|0${tail}`);
    expect(entry).to.deep.equal({
      type: 'file',
      mode: 0o4755,
      uid: 1,
      gid: 2,
      size: 300,
      links: 4,
      inode: '77',
      device: '0:0',
      modified: 1_795_397_571_813_746_276n,
      changed: -500_000_000n,
    });
    expect(entry && factsOf(entry, 'ab')).to.deep.equal({
      type: 'file',
      mode: '04755',
      uid: 1,
      gid: 2,
      size: 300,
      mtime: '2026-11-23T01:32:51.813746276Z',
      ctime: '1969-12-31T23:59:59.500000000Z',
      sha256: 'ab',
    });
  });
  it('shows the numbers of a device and knows whiteouts', () => {
    const device = parseFacts(`21b6|0|0|0|1|5|1|f${tail}`);
    expect(device && factsOf(device, undefined).device).to.equal('1:15');
    expect(device && isWhiteout(device)).to.equal(false);
    const whiteout = parseFacts(`2000|0|0|0|2|5|0|0${tail}`);
    expect(whiteout && isWhiteout(whiteout)).to.equal(true);
  });
  for (const [what, text] of [
    ['nothing', ''],
    ['an unknown type', `01ff|0|0|0|1|5|0|0${tail}`],
    ['a cut record', `81ed|0|0|0|1|5|0|0${tail}`.slice(0, -1)],
    ['a number that is none', `81ed|x|0|0|1|5|0|0${tail}`],
    ['something behind it', `81ed|0|0|0|1|5|0|0${tail}x`],
  ] as const)
    it(`is not ${what}`, () => expect(parseFacts(text)).to.equal(undefined));
});

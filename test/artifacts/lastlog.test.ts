import { expect } from 'chai';
import { type LastlogLayout, lastlogLayout, parseLastlog, untilNul } from '../../src/artifacts/lastlog.ts';
import { survivesHostileBytes } from './hostile.ts';

function record(layout: LastlogLayout, seconds: number, host = '198.51.100.7'): Buffer {
  const bytes = Buffer.alloc(layout);
  if (layout === 292) bytes.writeUInt32LE(seconds, 0);
  else bytes.writeBigInt64LE(BigInt(seconds), 0);
  bytes.write('pts/0', layout - 288);
  bytes.write(host, layout - 256);
  return bytes;
}

describe('parseLastlog', () => {
  for (const layout of [292, 296] as const)
    it(`reads records of ${layout} bytes and leaves out accounts that were never used`, () => {
      const file = Buffer.concat([
        record(layout, 1_763_000_000),
        Buffer.alloc(layout * 999),
        record(layout, 1_763_000_001, '\x1b[2J'),
      ]);
      expect(lastlogLayout(file.length)).to.equal(layout);
      expect([...parseLastlog(file)]).to.deep.equal([
        {
          uid: 0,
          time: '2025-11-13T02:13:20Z',
          line: Buffer.from('pts/0'),
          host: Buffer.from('198.51.100.7'),
        },
        { uid: 1000, time: '2025-11-13T02:13:21Z', line: Buffer.from('pts/0'), host: Buffer.from('\x1b[2J') },
      ]);
    });

  it('tells a cut record and counts on from the first account of a piece', () => {
    const [first, second] = [...parseLastlog(Buffer.concat([record(292, 5), Buffer.alloc(7)]), 292, 224)];
    expect(first).to.include({ uid: 224 });
    expect(second).to.deep.equal({ malformed: 'cut record', offset: 292 });
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes((bytes) => parseLastlog(bytes), record(292, 7), record(296, 7)));
});

describe('untilNul', () => {
  it('ends at the first NUL or the end', () => {
    expect(untilNul(Buffer.from('ab\0c')).toString()).to.equal('ab');
    expect(untilNul(Buffer.from('abc')).toString()).to.equal('abc');
  });
});

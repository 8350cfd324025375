import { expect } from 'chai';
import { blockLimits, BlockReader, FrameError } from '../../src/collector/blocks.ts';
import { block, sampleToken } from './sample-stream.ts';

describe('BlockReader', () => {
  const read = (...pieces: Buffer[]): { data: string[]; reader: BlockReader } => {
    const reader = new BlockReader(sampleToken);
    const data = pieces.flatMap((piece) => Array.from(reader.push(piece), (one) => one.data.toString()));
    return { data, reader };
  };
  const one = block(sampleToken, 1, 'records\n', Buffer.from('data'));

  it('gives a block when its last byte is there and not before', () => {
    const { data, reader } = read(one.subarray(0, -1));
    expect([data, reader.atBoundary]).to.deep.equal([[], false]);
    expect([...reader.push(one.subarray(-1))].map(({ records }) => records.toString())).to.deep.equal([
      'records\n',
    ]);
    expect(reader.atBoundary).to.equal(true);
  });

  it('takes the largest block that is allowed', () => {
    const large = block(sampleToken, 1, 'r'.repeat(blockLimits.records), Buffer.alloc(blockLimits.data, 'd'));
    expect(read(large).data[0]?.length).to.equal(blockLimits.data);
  });

  it('checks a block in whatever pieces it comes', () => {
    const whole = block(sampleToken, 1, 'records\n', Buffer.from('0123456789'), 'sha512');
    const changed = Buffer.from(whole);
    changed[whole.length - 3] = 0;
    for (let size = 1; size <= whole.length; size += 1) {
      const pieces = (bytes: Buffer): Buffer[] =>
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
      expect(read(...pieces(whole)).data, `pieces of ${size}`).to.deep.equal(['0123456789']);
      expect(() => read(...pieces(changed)), `pieces of ${size}`).to.throw('block 1 was changed on its way');
    }
  });

  it('gives up on a header line without end', () => {
    expect(() => read(Buffer.alloc(400, '0'))).to.throw(
      FrameError,
      'the stream holds bytes that are no block',
    );
  });

  it('refuses a block out of turn', () => {
    expect(() => read(block(sampleToken, 2, 'r\n', Buffer.alloc(0)))).to.throw(
      'block 2 came where block 1 was due',
    );
    expect(() => read(one, one)).to.throw('block 1 came where block 2 was due');
  });

  for (const algorithm of ['sha256', 'sha512'] as const)
    it(`refuses a block that was changed, by the ${algorithm} of its records and of its data`, () => {
      const whole = block(sampleToken, 1, 'records\n', Buffer.from('data'), algorithm);
      expect(read(whole).data).to.deep.equal(['data']);
      const body = whole.indexOf(0x0a) + 1;
      for (let at = body; at < whole.length; at += 1) {
        const changed = Buffer.from(whole);
        changed[at] = 0;
        expect(() => read(changed), `byte ${at - body}`).to.throw('block 1 was changed on its way');
      }
    });
});

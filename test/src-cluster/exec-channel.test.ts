import { expect } from 'chai';
import fc from 'fast-check';
import { channel, closeFrame, inputFrames } from '../../src/cluster/exec-channel.ts';

describe('inputFrames', () => {
  it('carry all input in order, on channel 0, 32 KiB at most', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200_000, size: 'max' }), (data) => {
        const frames = [...inputFrames(data)];
        expect(Buffer.concat(frames.map((frame) => frame.subarray(1))).equals(data)).to.equal(true);
        expect(frames.every((frame) => frame[0] === channel.stdin && frame.length <= 32_769)).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('closeFrame', () => {
  it('is 255 and the channel', () => {
    expect([...closeFrame(channel.stdin)]).to.deep.equal([255, 0]);
  });
});

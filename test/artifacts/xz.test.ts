import { expect } from 'chai';
import fc from 'fast-check';
import { unpackXz } from '../../src/artifacts/xz.ts';
import { xzSample } from './journal-lab.ts';

describe('unpackXz', () => {
  it('unpacks a stream without a check, as journald writes it', async () =>
    expect((await unpackXz(xzSample.packed, 10_000))?.equals(xzSample.text)).to.equal(true));

  it('gives no more than it may', async () =>
    expect(await unpackXz(xzSample.packed, xzSample.text.length - 1)).to.equal(undefined));

  it('lives through damage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(xzSample.packed.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Buffer.from(xzSample.packed);
        damaged[at] = value;
        expect((await unpackXz(damaged, 10_000))?.length ?? 0).to.be.at.most(10_000);
        expect((await unpackXz(damaged.subarray(0, at), 10_000))?.length ?? 0).to.be.at.most(10_000);
      }),
      { numRuns: 60 },
    );
  });
});

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { BodySha256 } from '../../../src/evidence/storage/body-sha256.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('BodySha256', () => {
  it('is SHA-256 of what it was given, in one piece or more, small or large', async () => {
    for (const size of [0, 10, 300_000, 9_000_000]) {
      const bytes = randomBytes(size);
      for (const cut of [size, Math.floor(size / 3)]) {
        const hash = new BodySha256();
        hash.update(bytes.subarray(0, cut));
        if (cut < size) hash.update(new Uint8Array(bytes.subarray(cut)).buffer);
        expect(hex(await hash.digest())).to.equal(createHash('sha256').update(bytes).digest('hex'));
      }
    }
  });

  it('is the HMAC with a secret, and empty again after a reset', async () => {
    const hash = new BodySha256('AWS4secret');
    hash.update('20261125');
    expect(hex(await hash.digest())).to.equal(
      createHmac('sha256', 'AWS4secret').update('20261125').digest('hex'),
    );
    const plain = new BodySha256();
    plain.update('x');
    plain.reset();
    expect(hex(await plain.digest())).to.equal(createHash('sha256').digest('hex'));
  });
});

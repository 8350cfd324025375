import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { PackedBytes } from '../../src/evidence/packed-bytes.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, piecesOf } from './sandbox.ts';

describe('PackedBytes', () => {
  it('gives back what it was given, again and again, also after it was left early', async () => {
    for (const content of [Buffer.alloc(0), Buffer.from('line\n'.repeat(50_000)), randomBytes(200_000)]) {
      const packed = await PackedBytes.of(piecesOf(content, 10_000));
      for await (const chunk of packed.read()) {
        expect(chunk.length).to.be.greaterThan(0);
        break;
      }
      for (let round = 0; round < 2; round += 1)
        expect((await bytesOf(packed.read())).equals(content)).to.equal(true);
    }
  });

  it('fails with its source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('x'));
      throw new Error('the archive is cut');
    }
    expect((await failureOf(PackedBytes.of(broken()))).message).to.equal('the archive is cut');
  });
});

import { expect } from 'chai';
import { ByteReader } from '../../src/evidence/byte-reader.ts';
import { bytesOf, piecesOf } from './sandbox.ts';

describe('ByteReader', () => {
  it('gives pieces of wanted length whatever the length of the chunks', async () => {
    for (const size of [1, 2, 3, 100]) {
      const reader = new ByteReader(piecesOf(Buffer.from('0123456789'), size));
      expect((await reader.take(4)).toString()).to.equal('0123');
      expect((await reader.take(0)).length).to.equal(0);
      expect((await bytesOf(reader.pieces(3))).toString()).to.equal('456');
      expect([reader.offset, await reader.atEnd()]).to.deep.equal([7, false]);
      expect((await reader.take(5)).toString()).to.equal('789');
      expect([reader.offset, await reader.atEnd()]).to.deep.equal([10, true]);
    }
  });

  it('closes its source', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield await Promise.resolve(Buffer.from('x'));
      } finally {
        closed = true;
      }
    }
    const reader = new ByteReader(source());
    await reader.take(3);
    await reader.close();
    expect(closed).to.equal(true);
  });
});

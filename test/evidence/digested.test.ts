import { expect } from 'chai';
import { Digested } from '../../src/evidence/digested.ts';
import { bytesOf, piecesOf } from './sandbox.ts';

describe('Digested', () => {
  it('knows size and digest once all has passed, and not before', async () => {
    const digested = new Digested();
    expect(() => digested.sha256).to.throw('before the end');
    const passed = await bytesOf(digested.through(piecesOf(Buffer.from('abc'), 2)));
    expect(passed.toString()).to.equal('abc');
    expect(digested.size).to.equal(3);
    // FIPS 180-2, appendix B.1
    expect(digested.sha256).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

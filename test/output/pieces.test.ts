import { expect } from 'chai';
import { largerPieces } from '../../src/output/pieces.ts';

async function* repeated(text: string, times: number): AsyncGenerator<string, void> {
  for (let i = 0; i < times; i += 1) yield Promise.resolve(text);
}

async function piecesOf(text: string, times: number): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of largerPieces(repeated(text, times))) pieces.push(piece);
  return pieces;
}

describe('larger pieces', () => {
  it('are the same text', async () => {
    const pieces = await piecesOf('line \u{1f600}\n', 20_000);
    expect(pieces.join('')).to.equal('line \u{1f600}\n'.repeat(20_000));
    expect(pieces).to.have.length(3);
  });
  it('are none of nothing, and leave a long text as it is', async () => {
    expect(await piecesOf('', 3)).to.deep.equal([]);
    expect(await piecesOf('x'.repeat(100_000), 2)).to.deep.equal(['x'.repeat(100_000), 'x'.repeat(100_000)]);
  });
});

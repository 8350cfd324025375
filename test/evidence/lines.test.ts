import { expect } from 'chai';
import fc from 'fast-check';
import { linesOf } from '../../src/evidence/lines.ts';
import { failureOf } from '../support/failure.ts';

async function* chunks(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield await Promise.resolve(part);
}

async function read(parts: readonly Buffer[], limit?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { bytes, ended } of linesOf(chunks(parts), limit))
    lines.push(bytes.toString('latin1') + (ended ? '\n' : ''));
  return lines;
}

describe('linesOf', () => {
  it('gives the same lines however the bytes are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
        fc.array(fc.nat({ max: 30 })),
        async (text, cuts) => {
          const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
          const parts = at.slice(1).map((end, index) => Buffer.from(text.slice(at[index], end)));
          const lines = await read(parts);
          expect(lines.join('')).to.equal(text);
          expect(lines).to.deep.equal(text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
        },
      ),
    ));

  it('refuses a line without end', async () => {
    const endless = Array<Buffer>(20).fill(Buffer.alloc(10, 97));
    expect((await failureOf(read(endless, 100))).message).to.equal('a line is longer than 100 bytes');
  });
});

import { Readable } from 'node:stream';
import { expect } from 'chai';
import { tap } from '../../src/evidence/tap.ts';
import { failureOf } from '../support/failure.ts';

describe('tap', () => {
  it('shows what passes, and fails when its end is refused', async () => {
    const seen: string[] = [];
    const source = (): Readable => Readable.from([Buffer.from('a'), Buffer.from('b')]);
    const passed = await source()
      .pipe(tap((chunk) => seen.push(chunk.toString())))
      .toArray();
    expect([seen, Buffer.concat(passed as Buffer[]).toString()]).to.deep.equal([['a', 'b'], 'ab']);
    const refuse = (): never => {
      throw new Error('wrong');
    };
    expect(
      (
        await failureOf(
          source()
            .pipe(tap(() => undefined, refuse))
            .toArray(),
        )
      ).message,
    ).to.equal('wrong');
  });
});

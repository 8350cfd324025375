import { Readable } from 'node:stream';
import { expect } from 'chai';
import { readAll, readStart, translateErrors } from '../../src/cluster/body.ts';
import { sleepFor } from '../../src/output/io.ts';
import { failureOf } from '../support/failure.ts';

const stream = (...pieces: string[]) =>
  Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { objectMode: false },
  );

describe('bodies', () => {
  it('are read to their limit, not beyond', async () => {
    expect((await readAll(stream('ab', 'cd'), 4)).toString()).to.equal('abcd');
    expect((await failureOf(readAll(stream('ab', 'cd'), 3))).message).to.equal(
      'the server’s answer is larger than 3 bytes'.replace('’', "'"),
    );
    const { bytes, complete } = await readStart(stream('ab', 'cd'), 3);
    expect([bytes.toString(), complete]).to.deep.equal(['abc', false]);
  });

  it('break with a translated error', async () => {
    const broken = new Readable({ read: () => undefined });
    const body = translateErrors(broken, (error) => new Error(`translated ${(error as Error).message}`));
    broken.push('a');
    const read = failureOf(readAll(body, 10));
    broken.destroy(new Error('reset'));
    expect((await read).message).to.equal('translated reset');
  });

  it('that nobody reads give their connection back', async () => {
    const source = stream('a');
    translateErrors(source, (error) => error).destroy();
    await sleepFor(1);
    expect(source.destroyed).to.equal(true);
  });
});

import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { ask } from '../../src/subcommands/ask.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const { signal } = new AbortController();

describe('ask', () => {
  it('gives the line, and nothing once the input has ended', async () => {
    const io = memoryIo({ input: '  jane \n' });
    expect(await ask(io, 'Who? ', signal)).to.equal('jane');
    expect(io.err()).to.equal('Who? ');
    expect(await ask(memoryIo(), 'Who? ', signal)).to.equal(undefined);
  });

  it('ends with the reason of an interrupt', async () => {
    const controller = new AbortController();
    const io = memoryIo({ stdin: new PassThrough() });
    const asked = failureOf(ask(io, 'Who? ', controller.signal));
    controller.abort(new Error('stopped by SIGINT'));
    expect((await asked).message).to.equal('stopped by SIGINT');
    expect((await failureOf(ask(io, 'Who? ', controller.signal))).message).to.equal('stopped by SIGINT');
  });
});

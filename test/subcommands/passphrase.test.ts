import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { askPassphrase } from '../../src/subcommands/passphrase.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;

describe('passphrase', () => {
  it('is asked for without being shown', async () => {
    const io = memoryIo({ interactive: true, input: 'correct horse\n' });
    expect(await askPassphrase(io, 'id', signal)).to.equal('correct horse');
    expect(io.err()).to.equal('Passphrase of id: \n');
    expect(io.out()).to.equal('');
  });

  it('is not asked for where nobody can answer, and empty at the end of input', async () => {
    expect(await askPassphrase(memoryIo(), 'id', signal)).to.equal(undefined);
    expect(await askPassphrase(memoryIo({ interactive: true }), 'id', signal)).to.equal('');
  });

  it('is given up when the user interrupts', async () => {
    const controller = new AbortController();
    const io = memoryIo({ interactive: true, stdin: new PassThrough() });
    const asking = askPassphrase(io, 'id', controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect((await failureOf(asking)).name).to.equal('AbortError');
  });
});

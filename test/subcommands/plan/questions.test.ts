import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { askAll } from '../../../src/subcommands/plan/questions.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

const questions = { name: 'Name?', phone: 'Phone?', chat: 'Chat?' };
const signal = new AbortController().signal;

describe('askAll', () => {
  it('asks one after the other and takes answers without blanks', async () => {
    const io = memoryIo({ input: ' Jane Roe \r\n\n@jane\n' });
    expect(await askAll({ io, signal }, questions)).to.deep.equal({ name: 'Jane Roe', chat: '@jane' });
    expect(io.err()).to.equal('Name? Phone? Chat? ');
    expect(io.out()).to.equal('');
  });

  it('is content with the end of input', async () => {
    expect(await askAll({ io: memoryIo({ input: 'Jane' }), signal }, questions)).to.deep.equal({
      name: 'Jane',
    });
  });

  it('ends when interrupted', async () => {
    const controller = new AbortController();
    const asked = askAll(
      { io: memoryIo({ stdin: new PassThrough() }), signal: controller.signal },
      questions,
    );
    controller.abort(new Error('stopped'));
    expect((await failureOf(asked)).message).to.equal('stopped');
  });
});

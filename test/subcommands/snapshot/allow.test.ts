import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { allowOf } from '../../../src/subcommands/snapshot/allow.ts';
import { memoryIo } from '../../support/memory-io.ts';

const { signal } = new AbortController();

describe('leave for what is large', () => {
  it('is given by --yes, by an answer, and by nobody else', async () => {
    const answered = async (input: string, interactive: boolean): Promise<boolean> => {
      const io = memoryIo({ input, interactive });
      return allowOf(false, { io, global: {}, signal })('logs', 2 ** 31);
    };
    expect(await allowOf(true, undefined)('logs', 2 ** 31)).to.equal(true);
    expect(await allowOf(false, undefined)('logs', 2 ** 31)).to.equal(false);
    expect(await answered('y\n', true)).to.equal(true);
    expect(await answered('\n', true)).to.equal(false);
    expect(await answered('', true)).to.equal(false);
    expect(await answered('y\n', false)).to.equal(false);
  });

  it('is asked for with the size', async () => {
    const io = memoryIo({ interactive: true, stdin: new PassThrough().end('n\n') });
    await allowOf(false, { io, global: {}, signal })('memory', 5 * 1024 ** 3);
    expect(io.err()).to.include('memory: 5.0Gi would come. Take them? [y/N]');
  });
});

import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/version.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

describe('version', () => {
  async function version(words: string[], output?: string): Promise<MemoryIo> {
    const io = memoryIo();
    const context = { io, global: {}, signal: new AbortController().signal };
    expect(await command.start(words, { output }, context)).to.equal(0);
    return io;
  }

  it('is one line', async () => {
    expect((await version([])).out()).to.match(/^kubectl-ir v\d+\.\d+\.\d+, node v\S+, linux\/\w+\n$/);
  });

  it('is data with -o', async () => {
    const data: unknown = JSON.parse((await version([], 'json')).out());
    expect(data)
      .to.include({ apiVersion: 'kubectl-ir/v1', kind: 'Version' })
      .and.to.have.property('platform');
    expect((await version([], 'yaml')).out()).to.match(/^apiVersion: kubectl-ir\/v1\n/);
  });

  it('takes no arguments', async () => {
    const failure = await version(['x']).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UsageError);
  });
});

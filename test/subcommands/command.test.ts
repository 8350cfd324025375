import { expect } from 'chai';
import { type CommandContext, defineCommand } from '../../src/subcommands/command.ts';
import { processIo } from '../../src/output/io.ts';

describe('defineCommand', () => {
  const context: CommandContext = { io: processIo(), global: {}, signal: new AbortController().signal };

  it('hands the plan of complete to run and returns the exit code', async () => {
    const seen: unknown[] = [];
    const command = defineCommand({
      flags: {
        output: { type: 'string', summary: 'format' },
        tail: { type: 'number', summary: 'n', default: 3 },
      },
      complete: (words, flags) => ({ words, format: flags.output ?? 'table', tail: flags.tail + 1 }),
      run: (plan) => {
        seen.push(plan);
        return Promise.resolve(4);
      },
    });
    expect(await command.start(['pod/web'], { tail: 3 }, context)).to.equal(4);
    expect(seen).to.deep.equal([{ words: ['pod/web'], format: 'table', tail: 4 }]);
  });
});

import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import type { RunnableCommand } from '../../src/subcommands/command.ts';
import { memoryIo } from '../support/memory-io.ts';

/** Tests of what a command that changes a pod refuses before it says anything to a cluster. */
export function testConsent(name: string, command: RunnableCommand): void {
  const signal = new AbortController().signal;
  const start = (words: readonly string[], flags: Readonly<Record<string, unknown>>): Promise<unknown> =>
    command
      .start(words, { yes: false, 'dry-run': 'none', ...flags }, { io: memoryIo(), global: {}, signal })
      .catch((error: unknown) => error);

  it('asks nobody without a terminal and does nothing without consent', async () => {
    expect(await start(['web'], {}))
      .to.be.instanceOf(UsageError)
      .with.property(
        'message',
        `${name} changes the cluster; add --yes, or --dry-run=client to see the plan`,
      );
  });

  it('needs one target, and says so before it asks for consent', async () => {
    for (const words of [[], ['a', 'b', 'c'], ['pod/a/b'], ['-rf']])
      expect(await start(words, {}), words.join(' '))
        .to.be.instanceOf(UsageError)
        .with.property('message')
        .that.does.not.match(/--yes/);
  });
}

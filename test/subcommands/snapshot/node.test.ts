import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/snapshot/node.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

const start = (...words: string[]): Promise<number> =>
  command.start(
    words,
    { 'collector-namespace': 'kubectl-ir' },
    // No kubeconfig: whatever gets past the command line fails there.
    {
      io: memoryIo({ env: { KUBECONFIG: '/nonexistent' } }),
      global: {},
      signal: new AbortController().signal,
    },
  );

describe('snapshot node', () => {
  it('wants exactly one node', async () => {
    for (const words of [[], [''], ['a', 'b'], ['pod/a'], ['node/a/b']])
      expect(await failureOf(start(...words)), words.join(' ')).to.be.instanceOf(UsageError);
  });

  it('takes NODE and node/NODE', async () => {
    for (const word of ['node-a', 'node/node-a', 'no/node-a'])
      expect(await failureOf(start(word)), word).not.to.be.instanceOf(UsageError);
  });
});

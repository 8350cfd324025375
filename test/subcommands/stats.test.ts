import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/stats.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const start = (words: readonly string[], flags: object = {}): Promise<number> =>
  command.start(
    words,
    { 'collector-namespace': 'kubectl-ir', interval: 2, watch: false, ...flags },
    // No kubeconfig: whatever gets past the command line fails there.
    {
      io: memoryIo({ env: { KUBECONFIG: '/nonexistent' } }),
      global: {},
      signal: new AbortController().signal,
    },
  );

describe('stats', () => {
  it('wants a pod, a node, labels or nothing, and an interval that is one', async () => {
    const refused: [string[], object][] = [
      [['deploy/web'], {}],
      [['pod/web'], { selector: 'a=b' }],
      [[], { interval: 0 }],
    ];
    for (const [words, flags] of refused)
      expect(await failureOf(start(words, flags)), words.join(' ')).to.be.instanceOf(UsageError);
    for (const words of [[], ['web'], ['pod/web'], ['node/node-a']])
      expect(await failureOf(start(words)), words.join(' ')).not.to.be.instanceOf(UsageError);
  });
});

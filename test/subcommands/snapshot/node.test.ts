import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/snapshot/node.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

const given = (flags: Readonly<Record<string, unknown>>, ...words: string[]): Promise<number> =>
  command.start(
    words,
    { 'collector-namespace': 'kubectl-ir', profile: 'triage', ...flags },
    // No kubeconfig: whatever gets past the command line fails there.
    {
      io: memoryIo({ env: { KUBECONFIG: '/nonexistent' } }),
      global: {},
      signal: new AbortController().signal,
    },
  );

const start = (...words: string[]): Promise<number> => given({}, ...words);

describe('snapshot node', () => {
  it('wants nodes by their names, or labels, or all', async () => {
    for (const words of [[], [''], ['pod/a'], ['node/a/b'], ['a;b']])
      expect(await failureOf(start(...words)), words.join(' ')).to.be.instanceOf(UsageError);
  });

  it('wants names or labels, a profile, sizes and times that are ones', async () => {
    const refused = [
      { selector: 'a=b', nodes: 'a' },
      { selector: 'a=b', 'all-nodes': true },
      { nodes: 'a', profile: 'everything' },
      { nodes: 'a', profile: 'logs,memory' },
      { nodes: 'a', since: 'yesterday' },
      { nodes: 'a', since: '2027-01-01T00:00:00Z' },
      { nodes: 'a', 'max-size': '0' },
      { nodes: 'a', 'max-size': '1 GB' },
    ];
    for (const flags of refused)
      expect(await failureOf(given(flags)), JSON.stringify(flags)).to.be.instanceOf(UsageError);
  });

  it('takes NODE and node/NODE', async () => {
    for (const word of ['node-a', 'node/node-a', 'no/node-a'])
      expect(await failureOf(start(word)), word).not.to.be.instanceOf(UsageError);
  });
});

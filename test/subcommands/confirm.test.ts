import { expect } from 'chai';
import { OperationError, UsageError } from '../../src/output/errors.ts';
import { confirmName, requireConsent } from '../../src/subcommands/confirm.ts';
import { memoryIo } from '../support/memory-io.ts';

const { signal } = new AbortController();

describe('consent', () => {
  it('is needed where nobody can be asked', () => {
    const ask = (interactive: boolean, yes: boolean, dryRun = 'none'): void =>
      requireConsent(memoryIo({ interactive }), 'isolate', { yes, 'dry-run': dryRun });
    expect(() => ask(false, false)).to.throw(
      UsageError,
      'isolate changes the cluster; add --yes, or --dry-run=client to see the plan',
    );
    ask(false, true);
    ask(true, false);
    ask(false, false, 'client');
  });

  it('is the name, typed', async () => {
    const io = memoryIo({ input: 'web\n' });
    await confirmName(io, 'Isolate this pod?', 'web', signal);
    expect(io.err()).to.equal('Isolate this pod? Type its name to go on: ');
  });

  it('is not another word', async () => {
    const answer = confirmName(memoryIo({ input: 'yes\n' }), 'Isolate this pod?', 'web', signal);
    expect(await answer.catch((error: unknown) => error)).to.be.instanceOf(OperationError);
    const ended = confirmName(memoryIo(), 'Isolate this pod?', 'web', signal);
    expect(await ended.catch((error: unknown) => error)).to.be.instanceOf(OperationError);
  });
});

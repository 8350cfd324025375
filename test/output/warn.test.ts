import { expect } from 'chai';
import { OperationError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { warnOf } from '../../src/output/warn.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('warnOf', () => {
  it('tells what failed, and what to do about it, safe for a terminal', async () => {
    const io = memoryIo();
    await warnOf(new OperationError('\u001b[2J is not gone'), createProgress(io));
    await warnOf(new OperationError('it broke', { advice: 'look at it\nrun it again' }), createProgress(io));
    expect(io.err().split('\n')).to.deep.equal([
      'warning: \\x1b[2J is not gone',
      'warning: it broke',
      'warning: look at it',
      'warning: run it again',
      '',
    ]);
  });

  it('has nothing to tell where nothing failed', async () => {
    const io = memoryIo();
    await warnOf(undefined, createProgress(io));
    expect(io.err()).to.equal('');
  });

  it('lets a bug through', async () => {
    const io = memoryIo();
    expect((await failureOf(warnOf(new TypeError('x'), createProgress(io)))).message).to.equal('x');
    expect(io.err()).to.equal('');
  });
});

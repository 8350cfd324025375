import { expect } from 'chai';
import { OperationError } from '../../src/output/errors.ts';
import { warn } from '../../src/output/warn.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('warn', () => {
  it('prints what failed, and what to do about it', async () => {
    const io = memoryIo();
    await warn(io, new OperationError('it is not gone'));
    await warn(io, new OperationError('it broke', { advice: 'run it again' }));
    expect(io.err()).to.equal('warning: it is not gone\nwarning: it broke\nrun it again\n');
  });

  it('lets a bug through', async () => {
    const io = memoryIo();
    expect((await failureOf(warn(io, new TypeError('x')))).message).to.equal('x');
    expect(io.err()).to.equal('');
  });
});

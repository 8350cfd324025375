import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { futureFlag, timeFlag } from '../../src/subcommands/time-flag.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('times on the command line', () => {
  it('are RFC 3339 with a zone, in UTC under the name of their flag', () => {
    expect(timeFlag('from', '2026-11-22T05:15:00+01:00')).to.deep.equal({ from: '2026-11-22T04:15:00Z' });
    expect(timeFlag('from', undefined)).to.deep.equal({});
    for (const text of ['', 'yesterday', '2026-11-22', '2026-13-22T04:15:00Z'])
      expect(() => timeFlag('to', text)).to.throw(UsageError, '--to needs a time with its zone');
  });

  it('may be a while from now where they lie ahead', () => {
    const io = memoryIo();
    expect(futureFlag(io, 'due', '30m')).to.equal('2026-11-22T04:45:00.000Z');
    expect(futureFlag(io, 'due', '4h')).to.equal('2026-11-22T08:15:00.000Z');
    expect(futureFlag(io, 'due', '2d')).to.equal('2026-11-24T04:15:00.000Z');
    expect(futureFlag(io, 'due', '2026-11-22T05:15:00+01:00')).to.equal('2026-11-22T04:15:00Z');
    expect(futureFlag(io, 'due', undefined)).to.equal(undefined);
    for (const text of ['', '4', '4 h', '-4h', '999999d', 'tomorrow'])
      expect(() => futureFlag(io, 'due', text)).to.throw(UsageError, 'or a while from now');
  });
});

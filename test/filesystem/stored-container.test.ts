import { expect } from 'chai';
import { isBlind, timeOf } from '../../src/filesystem/stored-container.ts';

describe('records of runtimes', () => {
  it('have times in nanoseconds', () => {
    expect(timeOf('1970-01-01T00:00:01.000000002Z')).to.equal(1_000_000_002n);
    expect(timeOf('1970-01-01T01:00:01+01:00')).to.equal(1_000_000_000n);
    for (const text of ['', 'yesterday', '1970-13-01T00:00:01Z', '1970-01-01T00:00:01.0000000001Z'])
      expect(timeOf(text), text).to.equal(undefined);
  });

  it('tell a reason from a result', () => {
    expect(isBlind({ what: 'container', why: 'gone' })).to.equal(true);
    expect(isBlind({ upper: '/u', lowers: [], userAttributes: false })).to.equal(false);
  });
});

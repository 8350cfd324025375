import { expect } from 'chai';
import { wipedLogins } from '../../../src/findings/rules/wiped-logins.ts';
import { loginRecord, seenBy } from '../traces-lab.ts';

describe('rule wiped-logins', () => {
  it('finds records of zeroes, and doubts time that goes back', () => {
    expect(
      seenBy(wipedLogins, {
        '[root]/var/log/wtmp': Buffer.concat([
          loginRecord(1_795_000_000),
          Buffer.alloc(384),
          loginRecord(1_794_000_000),
        ]),
      }),
    ).to.deep.equal(['high: 1 of its records are zeroes', 'medium: time goes back 1 times']);
  });
  it('leaves the table of seats alone, and a record that is cut', () => {
    expect(
      seenBy(wipedLogins, {
        '[root]/run/utmp': Buffer.concat([
          loginRecord(1_795_000_000),
          Buffer.alloc(384),
          loginRecord(1_794_000_000),
        ]),
        '[root]/var/log/wtmp': Buffer.concat([
          loginRecord(1_795_000_000),
          loginRecord(1_795_000_001),
          Buffer.alloc(100),
        ]),
      }),
    ).to.deep.equal([]);
  });
});

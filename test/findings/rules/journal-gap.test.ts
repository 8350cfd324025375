import { expect } from 'chai';
import { journalGap } from '../../../src/findings/rules/journal-gap.ts';
import { bookOf, journalOf, matchesOf, seenBy } from '../traces-lab.ts';

const place = '[root]/var/log/journal/m';

describe('rule journal-gap', () => {
  it('finds a file that is missing between two', () => {
    const [match, ...more] = matchesOf(journalGap, { [`${place}/system@1-1.journal`]: journalOf(1, 2000) });
    expect(more).to.deep.equal([]);
    expect(match?.subject.path).to.equal('/var/log/journal/m');
    expect(match?.seen).to.equal(
      '2999 entries are missing between 2026-11-18T11:40:00Z and 2026-11-18T12:30:00Z',
    );
    expect(match?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      'its last entry is 2000, 2026-11-18T11:40:00Z',
      'its first entry is 5000, 2026-11-18T12:30:00Z',
    ]);
  });
  it('weighs less beside a file that was not closed', () => {
    const unclean = { [`${place}/system@1.journal~`]: journalOf(1, 2000) };
    expect(seenBy(journalGap, unclean)[0]).to.match(/^medium: 2999 /);
  });
  it('says nothing of what journald removed at the beginning, of few numbers, and of those in the journals of users', () => {
    expect(seenBy(journalGap)).to.deep.equal([]);
    expect(seenBy(journalGap, { [`${place}/system@0.journal`]: journalOf(1, 4950) })).to.deep.equal([]);
    const users = {
      [`${place}/system@0.journal`]: journalOf(1, 2000),
      [`${place}/user-1000@0.journal`]: journalOf(2001, 4990),
    };
    expect(seenBy(journalGap, users)).to.deep.equal([]);
    // They have an id of their own, and count along.
    const own = { ...users, [`${place}/user-1000@0.journal`]: journalOf(2001, 4990, { sequence: 7 }) };
    expect(seenBy(journalGap, own)).to.deep.equal([]);
    const fewer = { ...users, [`${place}/user-1000@0.journal`]: journalOf(3000, 3999, { sequence: 7 }) };
    expect(seenBy(journalGap, fewer)[0]).to.match(/^high: 1999 entries are missing/);
  });
  it('holds only files against each other that count together', () => {
    const others = {
      [`${place}/system@0.journal`]: journalOf(1, 10, { sequence: 2 }),
      '[root]/run/log/journal/m/system.journal': journalOf(1, 10),
      [`${place}/empty.journal`]: journalOf(1, 0),
    };
    expect(seenBy(journalGap, others)).to.deep.equal([]);
  });
  it('is judged on less where a journal of another form, or one without its beginning, lies beside', () => {
    const book = bookOf({ [`${place}/x.journal`]: 'LPKSHHRH' });
    book.addLostJournal(Buffer.from(`${place}/y.journal`), 'skipped');
    expect(book.gaps.map(({ name }) => name)).to.deep.equal([
      `header of ${place}/x.journal`,
      `header of ${place}/y.journal`,
    ]);
  });
});

import { expect } from 'chai';
import { JournalNumbers } from '../../../src/artifacts/journal-numbers.ts';
import { journalEntriesCut } from '../../../src/findings/rules/journal-entries-cut.ts';
import { needs } from '../../../src/findings/need.ts';
import { TraceBook } from '../../../src/findings/trace-book.ts';
import { bookOf, cleanNode, journalOf, judged, matchesOf, seenBy } from '../traces-lab.ts';

const place = '[root]/var/log/journal/m';
const closed = `${place}/system@1-2.journal`;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What is found of journals that came one after the other, at these seconds. */
function seenOf(
  ...journals: readonly { name: string; bytes: Buffer; at?: number; came?: boolean }[]
): string[] {
  const book = new TraceBook('node-a');
  book.begin('2026-11-25T20:00:00.000Z', undefined);
  journals.forEach(({ name, bytes, at = 0, came = true }, index) => {
    const path = `${place}/${name}`;
    const numbers = new JournalNumbers(bytes.length);
    numbers.push(bytes);
    const source = { acquisition: 'a', item: index + 1, name: path };
    book.addJournal({ name: Buffer.from(path), source, collected: at }, numbers, came);
  });
  book.end();
  return judged(journalEntriesCut, book.traces()).map(({ seen }) => seen);
}

describe('rule journal-entries-cut', () => {
  it('finds a single entry that was cut out', () => {
    const [match, ...more] = matchesOf(journalEntriesCut, {
      [closed]: journalOf(5000, 9000, { without: [7000] }),
    });
    expect(more).to.deep.equal([]);
    expect(match?.subject.path).to.equal('/var/log/journal/m/system@1-2.journal');
    expect(match?.seen).to.equal(
      '1 entry is missing in 1 place between 2026-11-18T13:03:19Z and 2026-11-18T13:03:21Z',
    );
    expect(match?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      'no 7000 between 2026-11-18T13:03:19Z and 2026-11-18T13:03:21Z',
    ]);
  });
  it('finds several, also where the header still counts them, and the last of a file', () => {
    const without = [5003, ...range(6000, 6009), 8000];
    const [match] = matchesOf(journalEntriesCut, {
      [closed]: journalOf(5000, 9000, { without, counted: 4001 }),
    });
    expect(match?.seen).to.match(/^12 entries are missing in 3 places between /);
    expect(match?.evidence.map(({ excerpt }) => excerpt.replace(/ between .*/, ''))).to.deep.equal([
      'no 5003',
      'no 6000 to 6009',
      'no 8000',
      'it counts 4001 entries and holds 3989',
    ]);
    const last = { [closed]: journalOf(5000, 9000, { without: [8999, 9000], counted: 4001 }) };
    expect(seenBy(journalEntriesCut, last)).to.deep.equal([
      'high: 2 of the entries that it counts are not in it',
    ]);
  });
  it('weighs less in a file that was not closed', () => {
    const crashed = { [`${place}/system@9.journal~`]: journalOf(100, 200, { without: [150], state: 1 }) };
    expect(seenBy(journalEntriesCut, crashed)[0]).to.match(/^medium: 1 entry is missing/);
  });
  it('says nothing of entries that are in the journals of users', () => {
    const theirs = [120, ...range(130, 139), 190];
    const system = { name: 'system@0.journal', bytes: journalOf(1, 200, { without: theirs }) };
    const user = (without: readonly number[]) => ({
      name: 'user-1000@0.journal',
      bytes: journalOf(120, 190, { sequence: 7, without }),
    });
    const ofSystem = range(120, 190).filter((number) => !theirs.includes(number));
    expect(seenOf(system, user(ofSystem))).to.deep.equal([]);
    // One that neither of them has is told once.
    expect(seenOf(system, user([...ofSystem, 135]))).to.deep.equal([
      '1 entry is missing in 1 place between 2026-11-18T11:08:54Z and 2026-11-18T11:08:56Z',
    ]);
  });
  it('says nothing of numbers between two boots', () => {
    const book = { [closed]: journalOf(5000, 9000, { without: range(6000, 6999), boot: 7000 }) };
    expect(seenBy(journalEntriesCut, book)).to.deep.equal([]);
  });
  it('says nothing of what a journal may have that did not come whole', () => {
    const system = { name: 'system@0.journal', bytes: journalOf(1, 200, { without: [50, 150] }) };
    const head = journalOf(40, 190, { sequence: 7, without: range(41, 190) });
    const user = { name: 'user-1000@0.journal', bytes: head };
    expect(seenOf(system, { ...user, came: false })).to.deep.equal([]);
    expect(seenOf(system, user)[0]).to.match(/^2 entries are missing in 2 places/);
    expect(seenOf(system, { name: 'user-1.journal', bytes: Buffer.alloc(400) })).to.deep.equal([]);
  });
  it('says nothing of what was logged while journals that are written were copied', () => {
    const system = { name: 'system.journal', bytes: journalOf(1, 500, { without: [300] }), at: 90 };
    const user = { name: 'user-1000.journal', bytes: journalOf(90, 90, { sequence: 7 }) };
    expect(seenOf(system, { ...user, at: 0 })).to.have.length(1);
    expect(seenOf({ ...system, at: 200 }, { ...user, at: 0 })).to.deep.equal([]);
    expect(seenOf({ ...system, at: 200 })).to.have.length(1);
  });
  it('is judged on less where a journal was cut', () => {
    const book = bookOf(cleanNode());
    book.addGap(Buffer.from(closed), 'truncated');
    const { reads } = needs['entries of journals'];
    expect(book.gaps.some(({ name }) => reads.test(name))).to.equal(true);
  });
});

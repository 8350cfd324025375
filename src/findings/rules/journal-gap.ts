import { evidence, type Traced } from '../finding.ts';
import { directoryOf, type TracedJournal } from '../log-book.ts';
import type { Rule } from '../rule.ts';
import { journalTime } from '../text.ts';

/** A disk that is full costs some numbers; a file that was removed has thousands. */
const leastEntries = 100n;

/** journald numbers all entries of its files in one row, and removes the oldest files first: a hole between two was made by others. */
export const journalGap: Rule = {
  id: 'journal-gap',
  title: 'entries are missing in the middle of the journal',
  explanation:
    'The files of a journal count their entries in one row. Numbers that no file has, with older files still there, were in a file that somebody removed or cut.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'What is missing at the beginning is no finding, since journald removes the oldest files itself, nor are fewer than a hundred entries. Medium beside a file that was not closed properly (its name ends with ~), as after a crash.',
  attack: ['T1070.002'],
  threatMatrix: [],
  references: ['systemd: journal file format', 'journald.conf(5)'],
  refutedBy:
    'The journal was rotated out of order on purpose, or a file of it lies damaged and unread in its directory.',
  next: ['kubectl ir timeline {case}', 'kubectl ir show {case} journal', 'kubectl ir show {case} files'],
  needs: ['journals'],
  *judge({ logs }) {
    if (logs.unknown) return;
    for (const journals of rowsOf(logs.journals)) {
      let before = journals[0];
      for (const next of journals.slice(1)) {
        if (before === undefined) break;
        const missing = missingBetween(before.value, next.value, logs.journals);
        if (missing >= leastEntries) {
          const unclean = [before, next].some(({ value }) => value.path.endsWith('~'));
          yield {
            subject: { path: directoryOf(next.value.path) },
            seen: `${missing} entries are missing between ${journalTime(before.value.lastTime)} and ${journalTime(next.value.firstTime)}`,
            evidence: [
              evidence(
                before.source,
                `its last entry is ${before.value.lastSeqnum}, ${journalTime(before.value.lastTime)}`,
              ),
              evidence(
                next.source,
                `its first entry is ${next.value.firstSeqnum}, ${journalTime(next.value.firstTime)}`,
              ),
            ],
            ...(unclean ? { severity: 'medium', confidence: 'low' } : {}),
          };
        }
        if (next.value.lastSeqnum > before.value.lastSeqnum) before = next;
      }
    }
  },
};

/**
 * Numbers between two journals that no file beside them has. The journals of users have an id of their own and count along with
 * that of the system all the same (seen of systemd 252).
 */
function missingBetween(
  before: TracedJournal,
  next: TracedJournal,
  journals: readonly Traced<TracedJournal>[],
): bigint {
  const [first, last] = [before.lastSeqnum + 1n, next.firstSeqnum - 1n];
  const others = journals
    .map(({ value }) => value)
    .filter(
      (other) =>
        other.sequence !== next.sequence &&
        directoryOf(other.path) === directoryOf(next.path) &&
        other.firstTime <= next.firstTime &&
        other.lastTime >= before.lastTime,
    );
  return others.reduce(
    (missing, other) => {
      const from = other.firstSeqnum > first ? other.firstSeqnum : first;
      const to = other.lastSeqnum < last ? other.lastSeqnum : last;
      return to < from ? missing : missing - (to - from + 1n);
    },
    last - first + 1n,
  );
}

/** Journals that count together, of one directory and acquisition, by their first entries; the same hole is told once. */
function rowsOf(journals: readonly Traced<TracedJournal>[]): Traced<TracedJournal>[][] {
  const rows = new Map<string, Traced<TracedJournal>[]>();
  const last = journals.at(-1)?.source.acquisition;
  for (const journal of journals) {
    const { value, source } = journal;
    if (value.entries === 0n || value.lastSeqnum < value.firstSeqnum || source.acquisition !== last) continue;
    const key = `${directoryOf(value.path)} ${value.sequence}`;
    rows.set(key, [...(rows.get(key) ?? []), journal]);
  }
  return [...rows.values()].map((row) =>
    row.sort((a, b) => (a.value.firstSeqnum < b.value.firstSeqnum ? -1 : 1)),
  );
}

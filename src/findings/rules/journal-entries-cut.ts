import { evidence, type Evidence, excerptOf, type Traced } from '../finding.ts';
import { directoryOf, type TracedJournal } from '../log-book.ts';
import type { Rule } from '../rule.ts';
import { journalTime } from '../text.ts';
import { formatCount } from '../../output/count.ts';

/** Holes of one journal that are given as evidence. */
const mostShown = 5;
/** A journal is held back on the node before its first byte comes. */
const copyingMargin = 60_000_000n;

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}
/** Numbers between two entries of a journal, and what stands on both sides. */
interface Hole extends Range {
  readonly fromTime: bigint;
  readonly toTime: bigint;
}

/** All journals of a directory count their entries in one row, so what one of them leaves out another one has. */
export const journalEntriesCut: Rule = {
  id: 'journal-entries-cut',
  title: 'entries are missing inside a journal',
  explanation:
    'What journald writes to the journals of a directory it numbers in one row, and it begins new files when it cannot write. A number between two entries of a file that no journal beside it has was an entry that somebody cut out later; so is one that the file counts and does not hold.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Medium, and of low confidence, in a file that was not closed properly (its name ends with ~), as after a crash. Nothing is said of numbers between two boots, which start anew before the disk is there, of numbers that may stand in a part of a journal that did not come, and, while several journals are written, of what was logged while they were copied.',
  attack: ['T1070.002'],
  threatMatrix: [],
  references: ['systemd: journal file format', 'sd_journal_get_seqnum(3)'],
  refutedBy: 'The disk was damaged, or the journals of a user were removed on purpose: they count along.',
  next: ['kubectl ir timeline {case}', 'kubectl ir show {case} journal', 'kubectl ir show {case} files'],
  needs: ['entries of journals'],
  *judge({ logs }) {
    for (const journals of directoriesOf(logs.journals)) {
      const blind = logs.unknown || logs.unread.has(directoryOf(journals[0]?.value.path ?? ''));
      const holes = blind ? new Map<TracedJournal, Hole[]>() : cutFrom(journals);
      for (const { source, value } of journals) {
        const cut = holes.get(value) ?? [];
        const uncounted = value.whole && value.state !== 'online' ? value.entries - value.held : 0n;
        if (cut.length === 0 && uncounted <= 0n) continue;
        const unclean = value.path.endsWith('~');
        yield {
          subject: { path: excerptOf(Buffer.from(value.path, 'latin1')) },
          seen: seenOf(cut, uncounted),
          evidence: evidenceOf({ source, value }, cut, uncounted),
          ...(unclean ? { severity: 'medium', confidence: 'low' } : {}),
        };
      }
    }
  },
};

/**
 * Holes of the journals of a directory that none of them fills. The same hole is told once: of the journal in which it is the
 * narrowest, as those of others have the entries of that one for a hole too.
 */
function cutFrom(journals: readonly Traced<TracedJournal>[]): Map<TracedJournal, Hole[]> {
  const before = copyingBegan(journals);
  const there = merged(journals.flatMap(({ value }) => numbersOf(value)));
  const narrowest = new Map<string, { journal: TracedJournal; hole: Hole; width: bigint }>();
  for (const { value: journal } of journals)
    for (const whole of holesOf(journal, before))
      for (const hole of without(whole, there)) {
        const width = whole.to - whole.from;
        const key = `${hole.from}-${hole.to}`;
        if (width < (narrowest.get(key)?.width ?? width + 1n)) narrowest.set(key, { journal, hole, width });
      }
  const holes = new Map<TracedJournal, Hole[]>();
  for (const { journal, hole } of narrowest.values()) {
    const list = holes.get(journal);
    if (list === undefined) holes.set(journal, [hole]);
    else list.push(hole);
  }
  return holes;
}

function seenOf(holes: readonly Hole[], uncounted: bigint): string {
  const [first, last] = [holes[0], holes.at(-1)];
  if (first === undefined || last === undefined)
    return `${uncounted} of the entries that it counts ${uncounted === 1n ? 'is' : 'are'} not in it`;
  const missing = holes.reduce((sum, { from, to }) => sum + to - from + 1n, 0n);
  return `${missing} ${missing === 1n ? 'entry is' : 'entries are'} missing in ${formatCount(holes.length, 'place')} between ${journalTime(first.fromTime)} and ${journalTime(last.toTime)}`;
}

function evidenceOf(
  { source, value }: Traced<TracedJournal>,
  holes: readonly Hole[],
  uncounted: bigint,
): Evidence[] {
  const shown = holes
    .slice(0, mostShown)
    .map(({ from, to, fromTime, toTime }) =>
      evidence(
        source,
        `no ${from === to ? String(from) : `${from} to ${to}`} between ${journalTime(fromTime)} and ${journalTime(toTime)}`,
      ),
    );
  if (uncounted <= 0n) return shown;
  return [...shown, evidence(source, `it counts ${value.entries} entries and holds ${value.held}`)];
}

/** The journals of each directory, of the last acquisition that has any. */
function directoriesOf(journals: readonly Traced<TracedJournal>[]): Traced<TracedJournal>[][] {
  const last = journals.at(-1)?.source.acquisition;
  const directories = new Map<string, Traced<TracedJournal>[]>();
  for (const journal of journals) {
    if (journal.source.acquisition !== last) continue;
    const key = directoryOf(journal.value.path);
    const list = directories.get(key);
    if (list === undefined) directories.set(key, [journal]);
    else list.push(journal);
  }
  return [...directories.values()];
}

/**
 * The time, by the clock of the node, up to which every journal of a directory was copied; none where at most one is still written.
 * The last entry of any was written before the last of them was copied.
 */
function copyingBegan(journals: readonly Traced<TracedJournal>[]): bigint | undefined {
  const written = journals.filter(({ value }) => !value.path.includes('@'));
  if (written.length < 2) return undefined;
  const came = written.map(({ value }) => value.collected ?? 0);
  const took = BigInt(Math.round((Math.max(...came) - Math.min(...came)) * 1e6)) + copyingMargin;
  return written.map(({ value }) => value.lastTime).reduce((a, b) => (a > b ? a : b)) - took;
}

function holesOf({ runs }: TracedJournal, before: bigint | undefined): Hole[] {
  return runs.flatMap((run, index) => {
    const next = runs[index + 1];
    if (next === undefined || next.first <= run.last + 1n || next.firstBoot !== run.lastBoot) return [];
    if (before !== undefined && next.firstTime >= before) return [];
    return [{ from: run.last + 1n, to: next.first - 1n, fromTime: run.lastTime, toTime: next.firstTime }];
  });
}

/** Numbers that a journal has, or may have where it did not come whole. */
function numbersOf({ runs, whole, lastSeqnum }: TracedJournal): Range[] {
  const had = runs.map(({ first, last }) => ({ from: first, to: last }));
  const from = (runs.at(-1)?.last ?? 0n) + 1n;
  return whole || lastSeqnum < from ? had : [...had, { from, to: lastSeqnum }];
}

/** Ranges in order, none of which touches another. */
function merged(ranges: readonly Range[]): Range[] {
  const apart: { from: bigint; to: bigint }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = apart.at(-1);
    if (last === undefined || from > last.to + 1n) apart.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return apart;
}

/** What of a hole none of these ranges has. */
function without(hole: Hole, ranges: readonly Range[]): Hole[] {
  const left: Hole[] = [];
  let from = hole.from;
  for (let at = firstBehind(ranges, hole.from); from <= hole.to; at += 1) {
    const range = ranges[at];
    const to = range === undefined || range.from > hole.to ? hole.to : range.from - 1n;
    if (to >= from) left.push({ ...hole, from, to });
    if (range === undefined || range.from > hole.to) break;
    from = range.to + 1n;
  }
  return left;
}

/** Index of the first range that ends at a number or behind it. */
function firstBehind(ranges: readonly Range[], number: bigint): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.to ?? 0n) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

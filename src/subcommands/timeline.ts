import { tmpdir } from 'node:os';
import { openWhole } from '../evidence/exhibits.ts';
import { SortedLines } from '../evidence/sorted-lines.ts';
import { withCaseDirectory } from '../evidence/unpacked-case.ts';
import { clockSentence } from '../incident/clock.ts';
import { mergedEvents } from '../incident/event-line.ts';
import { momentKey } from '../incident/moment.ts';
import { parseSubject, type TimelineSubject } from '../incident/subject.ts';
import { formatCount } from '../output/count.ts';
import { exitCode, UsageError, VerificationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { createProgress } from '../output/progress.ts';
import { caseOrArchiveWord } from './case-word.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type Gathered, gatherEvents, type TimelineChoice } from './timeline-gather.ts';
import { printTimeline, type Printed, type TimelineFormat, timelineFormats } from './timeline-output.ts';
import { timeFlag } from './time-flag.ts';
import type { TimelineShortfall } from './timeline-sources.ts';

const flags = {
  output: {
    type: 'string',
    short: 'o',
    summary: 'output format',
    choices: timelineFormats,
    default: 'table',
  },
  from: { type: 'string', summary: 'first moment, RFC 3339 with a zone', placeholder: 'TIME' },
  to: { type: 'string', summary: 'first moment that is too late', placeholder: 'TIME' },
  subject: {
    type: 'string',
    summary: 'only what is about a pod, process, path or user: pod/NAME, PID, /PATH, USER',
    placeholder: 'SUBJECT',
  },
} as const;

/** Reasons told on stderr before they are only counted. */
const mostReasons = 10;

/**
 * `kubectl ir timeline CASE|ARCHIVE`: everything in a case that has a time, in order, offline. Exit 3 when some of it was not
 * collected whole or can't be opened, 4 when some of it is not what was collected; the rest is shown.
 */
export const command = defineCommand({
  flags,
  complete: (words, { output, from, to, subject }, { io }) => {
    const choice: TimelineChoice = {
      ...timeFlag('from', from),
      ...timeFlag('to', to),
      ...about(subject),
    };
    if (choice.from !== undefined && choice.to !== undefined && !isBefore(choice.from, choice.to))
      throw new UsageError('nothing is between --from and --to: the one has to be before the other');
    return { dir: caseOrArchiveWord(io, 'timeline', words), format: output as TimelineFormat, choice };
  },
  run: ({ dir, format, choice }, context) =>
    withCaseDirectory(dir, context.signal, (place) => show(place, format, choice, context)),
});

async function show(
  dir: string,
  format: TimelineFormat,
  choice: TimelineChoice,
  { io, signal }: CommandContext,
): Promise<number> {
  const shortfall: TimelineShortfall = { gaps: [], malformed: [], damaged: [] };
  const { opened, closed, denied } = await openWhole(dir);
  shortfall.gaps.push(...closed, ...denied);
  for (const { name, reader } of opened) {
    const { outcome, reason } = reader.info;
    if (outcome !== 'complete')
      shortfall.gaps.push(`${name}: ${outcome}${reason === undefined ? '' : `, ${reason}`}`);
  }
  const lines = new SortedLines(io.env['TMPDIR'] ?? tmpdir());
  try {
    const gathered = await gatherEvents(dir, opened, choice, lines, shortfall, signal);
    const events = interruptible(mergedEvents(lines.read(), gathered.evidenceOf), signal);
    const printed = await printTimeline(io, format, gathered.clocks, events);
    await tell(io, gathered, printed, shortfall, format);
  } finally {
    lines.close();
  }
  const [first] = shortfall.damaged;
  if (first !== undefined)
    throw new VerificationError(`part of the case is not what was collected: ${first}`, {
      advice: 'its events are left out, all others are shown; see all of it with: kubectl ir verify',
    });
  return shortfall.gaps.length === 0 ? exitCode.done : exitCode.partial;
}

function isBefore(one: string, other: string): boolean {
  return momentKey(one) < momentKey(other);
}

function about(text: string | undefined): { readonly subject?: TimelineSubject } {
  if (text === undefined) return {};
  const subject = parseSubject(text);
  if (subject === undefined)
    throw new UsageError('--subject needs pod/NAME, pod/NAMESPACE/NAME, a pid, /PATH, or a user (user/NAME)');
  return { subject };
}

function* interruptible<T>(values: Iterable<T>, signal: AbortSignal): Generator<T, void> {
  for (const value of values) {
    signal.throwIfAborted();
    yield value;
  }
}

async function tell(
  io: Io,
  { clocks, count, timeless, assumed }: Gathered,
  { printed, leftOut }: Printed,
  { gaps, malformed, damaged }: TimelineShortfall,
  format: TimelineFormat,
): Promise<void> {
  const progress = createProgress(io);
  for (const clock of clocks) await progress.note('Clock', `${clock.node}: ${clockSentence(clock)}`);
  if (count === 0) await progress.warn('nothing in the case has a time that was asked for');
  else
    await progress.note(
      'Events',
      `${printed}, of ${formatCount(count, 'record that tells of one', 'records that tell of one')}`,
    );
  if (assumed > 0)
    await progress.warn(
      `${formatCount(assumed, 'line of logs has', 'lines of logs have')} neither year nor zone: taken as of the year before collection, and as UTC`,
    );
  if (timeless > 0)
    await progress.warn(
      `${formatCount(timeless, 'event is', 'events are')} left out: no calendar has such a time`,
    );
  if (leftOut > 0)
    await progress.warn(
      `${formatCount(leftOut, 'event is', 'events are')} left out: ${format} can't hold such a time`,
    );
  for (const [what, reasons] of [
    ['not what was collected', damaged],
    ['not collected whole', gaps],
    ['not all are records', malformed],
  ] as const) {
    for (const reason of reasons.slice(0, mostReasons)) await progress.warn(`${what}: ${reason}`);
    if (reasons.length > mostReasons) await progress.warn(`${what}: ${reasons.length - mostReasons} more`);
  }
}

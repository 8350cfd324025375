import { tmpdir } from 'node:os';
import { SortedLines } from '../../evidence/sorted-lines.ts';
import { clockSentence } from '../../incident/clock.ts';
import { mergedEvents } from '../../incident/event-line.ts';
import { earlier } from '../../incident/moment.ts';
import { type Interest, TimelineReading } from '../../incident/report/read/timeline.ts';
import type { TimelinePart } from '../../incident/report/facts/timeline.ts';
import type { Io } from '../../output/io.ts';
import { gatherEvents } from '../timeline-gather.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';
import type { Trouble } from './open-case.ts';

/** What is older than this when a case is opened is not told in its report. */
const lookBackMs = 7 * 86_400_000;
/** Events between two looks at the signal. */
const looks = 4096;

/** Reads the order of events of a case, in bounded memory. */
export async function readEvents(
  io: Io,
  { dir, name, created }: { readonly dir: string; readonly name: string; readonly created: string },
  acquisitions: readonly OpenAcquisition[],
  interest: Interest,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<TimelinePart> {
  const from = earlier(created, lookBackMs);
  const lines = new SortedLines(io.env['TMPDIR'] ?? tmpdir());
  try {
    const shortfall = { gaps: [], malformed: [], damaged: trouble.damaged };
    const choice = from === undefined ? {} : { from };
    const { clocks, evidenceOf } = await gatherEvents(dir, acquisitions, choice, lines, shortfall, signal);
    const reading = new TimelineReading(interest);
    let read = 0;
    for (const merged of mergedEvents(lines.read(), evidenceOf)) {
      read += 1;
      if (read % looks === 0) signal.throwIfAborted();
      reading.add(merged);
    }
    const sentences = clocks.map((clock) => ({ node: clock.node, sentence: clockSentence(clock) }));
    return reading.part(sentences, `kubectl ir timeline ${name}`);
  } finally {
    lines.close();
  }
}

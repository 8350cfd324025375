import { styleText } from 'node:util';
import type { Io } from './io.ts';

export type Tone = 'good' | 'warn' | 'bad';

const colours = { good: 'green', warn: 'yellow', bad: 'red' } as const;

/**
 * Text for stderr in the colour of its meaning, when stderr is a terminal and NO_COLOR (no-color.org: any value but
 * the empty one) is not set. Colour only repeats what a word already says.
 */
export function paint(io: Io, tone: Tone, text: string): string {
  if (!io.stderrTerminal || (io.env['NO_COLOR'] ?? '') !== '' || io.env['TERM'] === 'dumb') return text;
  return styleText(colours[tone], text, { validateStream: false });
}

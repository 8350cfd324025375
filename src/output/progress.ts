import { formatSeconds } from './age.ts';
import { paint, type Tone } from './colour.ts';
import { type Io, writeChunk } from './io.ts';
import { terminalLine } from './line.ts';

/** How a step ended. */
export type StepState = 'done' | 'part' | 'fail';

/** Reports what a command does, on stderr, one line each, safe for the terminal. */
export interface Progress {
  /** A finished step: its name, its result, its duration in milliseconds, and how it ended. */
  step(name: string, detail: string, milliseconds: number, state?: StepState): Promise<void>;
  /** What is being done right now; only on a terminal that can erase a line, where the next line replaces it. */
  running(name: string, detail: string): Promise<void>;
  /** A labelled fact, such as `Case` and its directory. */
  note(label: string, text: string): Promise<void>;
  warn(text: string): Promise<void>;
}

const tones: Readonly<Record<StepState, Tone>> = { done: 'good', part: 'warn', fail: 'bad' };
/** Carriage return and "erase line" (ECMA-48 EL 2). */
const eraseLine = '\r\x1b[2K';

/**
 * Progress on the stderr of `io`: the same lines with and without a terminal, but for `running`. Nothing of it rejects: what is done
 * to a pod must not stop halfway because whoever read of it, such as `2>&1 | head`, has gone.
 */
export function createProgress(io: Io): Progress {
  let unfinished = false;
  const write = (text: string): Promise<void> => writeChunk(io.stderr, text).catch(() => undefined);
  const line = (text: string): Promise<void> => {
    const erase = unfinished ? eraseLine : '';
    unfinished = false;
    return write(`${erase}${text.trimEnd()}\n`);
  };
  return {
    step: (name, detail, milliseconds, state = 'done') =>
      line(stepLine(name, detail, milliseconds, paint(io, tones[state], state))),
    running: async (name, detail) => {
      if (!io.stderrTerminal || io.env['TERM'] === 'dumb') return;
      const text = `   ...    ${terminalLine(name).padEnd(9)}           ${terminalLine(detail)}`;
      unfinished = true;
      await write(eraseLine + text.slice(0, Math.max(0, io.columns - 1)));
    },
    note: (label, text) => line(`${terminalLine(label).padEnd(7)}   ${terminalLine(text)}`),
    warn: (text) => line(`${paint(io, 'warn', 'warning:')} ${terminalLine(text)}`),
  };
}

function stepLine(name: string, detail: string, milliseconds: number, state: string): string {
  const time = formatSeconds(milliseconds).padEnd(5);
  return `   ${state}   ${terminalLine(name).padEnd(9)}   ${time}   ${terminalLine(detail)}`;
}

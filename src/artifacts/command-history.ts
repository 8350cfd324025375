import { instantText } from './instant.ts';
import { lines } from './lines.ts';

/** One command of a shell's history. */
export interface TypedCommand {
  /** RFC 3339 in UTC; missing where the shell writes no times. */
  readonly time?: string;
  readonly command: Buffer;
}

/**
 * The commands of a history file: bash with its `#SECONDS` lines (HISTTIMEFORMAT), zsh with `: SECONDS:ELAPSED;COMMAND`
 * (EXTENDED_HISTORY), and plain ones. Every line is a command, so nothing is malformed.
 */
export function* parseCommandHistory(bytes: Buffer): Generator<TypedCommand> {
  let time: string | undefined;
  for (const { bytes: line } of lines(bytes)) {
    const start = line.toString('latin1', 0, 64);
    const stamp = /^#([0-9]{9,11})$/.exec(start);
    if (stamp !== null && line.length < 64) {
      time = instantText(Number(stamp[1]));
      continue;
    }
    const extended = /^: ([0-9]{9,11}):[0-9]+;/.exec(start);
    if (extended !== null) time = instantText(Number(extended[1]));
    const command = line.subarray(extended?.[0].length ?? 0);
    yield time === undefined ? { command } : { time, command };
    time = undefined;
  }
}

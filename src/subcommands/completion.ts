import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { defineCommand } from './command.ts';

/** First word of the hidden command line that answers what may be typed next. */
export const completionWord = '__complete';

const script = `#!/bin/sh
# kubectl_complete-ir: kubectl 1.26 and later run this, on PATH, to complete "kubectl ir".
exec kubectl-ir ${completionWord} "$@"`;

/** `kubectl ir completion`: the program by which kubectl completes our command lines, to be saved. */
export const command = defineCommand({
  flags: {},
  complete: (words) => {
    if (words.length > 0)
      throw new UsageError('completion takes no arguments; it is the same for every shell');
  },
  run: async (_plan, { io }) => {
    await writeLine(io.stdout, script);
    return exitCode.done;
  },
});

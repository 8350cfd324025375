import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { caseWord } from '../case-word.ts';
import { defineCommand } from '../command.ts';
import { signWith } from '../signing.ts';

/** `kubectl ir case sign CASE --key FILE`: signs the seal of a case, which is made first where there is none. */
export const command = defineCommand({
  flags: {
    key: {
      type: 'string',
      summary: 'your ssh key: a private key, or a public one whose private half an ssh-agent has',
      placeholder: 'FILE',
    },
  },
  complete: (words, { key }, { io }) => {
    if (key === undefined || key === '') throw new UsageError('case sign needs --key FILE');
    return { dir: caseWord(io, 'case sign', words), key };
  },
  run: async ({ dir, key }, context) => {
    const { file } = await signWith(context, dir, key);
    await writeLine(context.io.stdout, file);
    return exitCode.done;
  },
});

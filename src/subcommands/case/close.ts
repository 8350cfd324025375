import { openCase } from '../../evidence/case.ts';
import { sealCase } from '../../evidence/seal.ts';
import { exitCode } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { caseWord } from '../case-word.ts';
import { defineCommand } from '../command.ts';

/** `kubectl ir case close CASE`: seals a case; it takes no more evidence until it is opened again on purpose. */
export const command = defineCommand({
  flags: {},
  complete: (words, _flags, { io }) => ({ dir: caseWord(io, 'case close', words) }),
  run: async ({ dir }, { io, signal }) => {
    const opened = await openCase(io, { dir, target: '', create: false });
    try {
      const { custody, name } = opened;
      if (custody.closed === undefined) {
        await sealCase(opened, signal);
        await custody.appendAfterSeal({ action: 'close', object: name, result: 'done' });
      }
      await writeLine(io.stdout, `case/${name} closed`);
      const { seq, digest } = custody.head;
      await createProgress(io).note('Line', `${seq}, sha256 ${digest}`);
      return exitCode.done;
    } finally {
      await opened.close();
    }
  },
});

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCase } from '../../evidence/case.ts';
import { sealMark } from '../../evidence/layout.ts';
import { shortWait } from '../../evidence/lock.ts';
import { handoverAct } from '../../incident/course-acts.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { caseWord, oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';

/** `kubectl ir case handover CASE --to NAME`: records who gives a case to whom, beside the seal when there is one. */
export const command = defineCommand({
  flags: {
    to: { type: 'string', summary: 'who receives the case', placeholder: 'NAME' },
    from: { type: 'string', summary: 'who gives it (default: its examiner, else you)', placeholder: 'NAME' },
    reason: { type: 'string', summary: 'what for', placeholder: 'TEXT' },
  },
  complete: (words, flags, { io }) => {
    const to = oneLine('--to', flags.to);
    if (to === undefined) throw new UsageError('case handover needs --to NAME');
    const from = oneLine('--from', flags.from);
    return { dir: caseWord(io, 'case handover', words), to, from, reason: oneLine('--reason', flags.reason) };
  },
  run: async ({ dir, to, from, reason }, { io, signal }) => {
    const opened = await openCase(io, { dir, target: '', create: false, wait: shortWait(signal) });
    try {
      const { custody, record, name } = opened;
      const giver = from ?? record.examiner ?? custody.actor.user;
      const seal = custody.sealed ? await readFile(join(opened.dir, sealMark)) : undefined;
      const who = { from: giver, to, ...(reason === undefined ? {} : { reason }) };
      const digest =
        seal === undefined ? {} : { [sealMark]: createHash('sha256').update(seal).digest('hex') };
      await custody.appendAfterSeal(handoverAct(name, who, digest));
      if (seal === undefined)
        await createProgress(io).warn(
          `the case is not sealed; seal it before it leaves your hands: kubectl ir case close ${quotedWord(dir)}`,
        );
      await writeLine(io.stdout, `case/${name} handed over by ${giver} to ${to}`);
      const { head } = custody;
      await createProgress(io).note(
        'Line',
        `${head.seq}, sha256 ${head.digest}; let the receiver write it down`,
      );
      return exitCode.done;
    } finally {
      await opened.close();
    }
  },
});

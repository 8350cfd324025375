import { resolve } from 'node:path';
import type { CaseDetails } from '../../evidence/case-record.ts';
import { openCase, readCaseRecord } from '../../evidence/case.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';

/** `kubectl ir case open [CASE]`: makes a case, or opens a closed one again; both with what the organisation knows it by. */
export const command = defineCommand({
  flags: {
    'case-number': { type: 'string', summary: 'number of the case', placeholder: 'NUMBER' },
    'evidence-number': {
      type: 'string',
      summary: 'number of a piece of evidence; may be given several times',
      placeholder: 'NUMBER',
      repeated: true,
    },
    examiner: { type: 'string', summary: 'who is responsible for the evidence', placeholder: 'NAME' },
    organisation: { type: 'string', summary: 'organisation that the case belongs to', placeholder: 'NAME' },
  },
  complete: (words, flags, { io }) => {
    const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (dir === '' || more.length > 0)
      throw new UsageError('case open takes one directory, or none: kubectl ir case open [CASE]');
    const number = oneLine('case-number', flags['case-number']);
    const examiner = oneLine('examiner', flags.examiner);
    const organisation = oneLine('organisation', flags.organisation);
    const evidenceNumbers = flags['evidence-number'].map((text) => oneLine('evidence-number', text));
    const details: CaseDetails = {
      ...(number === undefined ? {} : { number }),
      ...(evidenceNumbers.length === 0 ? {} : { evidenceNumbers }),
      ...(examiner === undefined ? {} : { examiner }),
      ...(organisation === undefined ? {} : { organisation }),
    };
    return { dir: dir === undefined ? undefined : resolve(dir), details };
  },
  run: async ({ dir, details }, { io }) => {
    const before = dir === undefined ? undefined : await readCaseRecord(dir);
    const opened = await openCase(io, {
      dir,
      target: details.number ?? 'case',
      again: true,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    });
    const again = opened.custody.last?.action === 'open';
    await opened.close();
    const what = before === undefined ? 'new' : again ? 'opened again' : 'was open before';
    await createProgress(io).note('Case', `${opened.name} (${what})`);
    await writeLine(io.stdout, opened.dir);
    return exitCode.done;
  },
});

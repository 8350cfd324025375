import { recordInCase } from '../../incident/case-course.ts';
import { decisionAct } from '../../incident/course-acts.ts';
import { exitCode } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { caseAndWord, oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';

/** `kubectl ir case decide CASE TEXT`: records a decision and who took it. */
export const command = defineCommand({
  flags: {
    by: { type: 'string', summary: 'who decided (default: you)', placeholder: 'WHO' },
  },
  complete: (words, { by }, { io }) => {
    const { dir, word } = caseAndWord(io, 'case decide', 'TEXT', words);
    return { dir, text: oneLine('TEXT', word), by: oneLine('--by', by) };
  },
  run: async ({ dir, text, by }, { io, signal }) => {
    const { caseName, line } = await recordInCase(io, dir, signal, (_course, name) => [
      decisionAct(name, text, by),
    ]);
    await writeLine(io.stdout, `case/${caseName} line ${line} recorded`);
    return exitCode.done;
  },
});

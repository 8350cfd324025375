import type { CustodyLine } from '../../evidence/custody-line.ts';
import { readCustody } from '../../evidence/custody-log.ts';
import { readCaseStatus } from '../../evidence/case-status.ts';
import { recordInCase } from '../../incident/case-course.ts';
import { remarkAct } from '../../incident/course-acts.ts';
import { exitCode, UsageError, VerificationError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { renderTable } from '../../output/table.ts';
import { caseWord, oneLine, refuseLoneText } from '../case-word.ts';
import { type CommandContext, defineCommand } from '../command.ts';

/** `kubectl ir case log CASE [TEXT]`: prints who did what when, or adds a remark to it. */
export const command = defineCommand({
  flags: {
    remark: {
      type: 'string',
      summary: 'the same as TEXT: record it instead of printing',
      placeholder: 'TEXT',
    },
    output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'wide'] },
  },
  complete: async (words, { remark: flag, output }, { io }) => {
    await refuseLoneText(io, words, 'kubectl ir case log --remark "TEXT"');
    const [text, ...more] = words.slice(1);
    if (more.length > 0 || (text !== undefined && flag !== undefined))
      throw new UsageError('case log takes one remark; put it in quotes: kubectl ir case log CASE "TEXT"');
    const remark = oneLine(flag === undefined ? 'TEXT' : '--remark', flag ?? text);
    if (remark !== undefined && output !== undefined)
      throw new UsageError('a remark prints nothing, so -o has no use with it');
    return { dir: caseWord(io, 'case log', words.slice(0, 1)), remark, output };
  },
  run: async ({ dir, remark, output }, context) => {
    const { io } = context;
    if (remark !== undefined) return addRemark(context, dir, remark);
    const { name } = await readCaseStatus(dir);
    const lines: CustodyLine[] = [];
    const { broken } = await readCustody(dir, (line) => lines.push(line));
    if (output === 'json' || output === 'yaml')
      await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'CustodyLog', case: name, lines }, output);
    else await writeLine(io.stdout, table(lines, output === 'wide'));
    if (broken !== undefined)
      throw new VerificationError(`custody of case ${name} is broken: ${broken}`, {
        advice: 'the lines before it are shown; compare with another copy, and keep this one as it is',
      });
    return exitCode.done;
  },
});

async function addRemark({ io, signal }: CommandContext, dir: string, remark: string): Promise<number> {
  const { caseName, line } = await recordInCase(io, dir, signal, (_course, name) => [
    remarkAct(name, remark),
  ]);
  await writeLine(io.stdout, `case/${caseName} line ${line} recorded`);
  return exitCode.done;
}

function table(lines: readonly CustodyLine[], wide: boolean): string {
  const headers = ['LINE', 'TIME', 'WHO', 'ACTION', 'OBJECT', 'RESULT', ...(wide ? ['DETAILS'] : [])];
  return renderTable(
    headers,
    lines.map(({ seq, time, actor, action, object, result, details }) => {
      const who = `${actor.user}@${actor.host}${actor.api === '' ? '' : ` as ${actor.api}`}`;
      const more = JSON.stringify(details ?? {});
      return [`${seq}`, time, who, action, object, wordsOf(action, details) ?? result, more];
    }),
  );
}

/** What people said, of acts that have nothing else to tell. */
function wordsOf(action: string, details: CustodyLine['details']): string | undefined {
  const words =
    action === 'remark'
      ? details?.['remark']
      : ['decide', 'task'].includes(action)
        ? details?.['text']
        : undefined;
  return typeof words === 'string' ? words : undefined;
}

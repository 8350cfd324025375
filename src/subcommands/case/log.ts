import { openCase } from '../../evidence/case.ts';
import type { CustodyLine } from '../../evidence/custody-line.ts';
import { readCustody } from '../../evidence/custody-log.ts';
import { readCaseStatus } from '../../evidence/case-status.ts';
import { exitCode, UsageError, VerificationError } from '../../output/errors.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { renderTable } from '../../output/table.ts';
import { caseWord, oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';

/** `kubectl ir case log CASE [--remark TEXT]`: prints who did what when, or adds a remark to it. */
export const command = defineCommand({
  flags: {
    remark: { type: 'string', summary: 'record this in custody instead of printing it', placeholder: 'TEXT' },
    output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'wide'] },
  },
  complete: (words, { remark, output }, { io }) => {
    if (remark !== undefined && output !== undefined)
      throw new UsageError('--remark prints nothing, so -o has no use with it');
    return { dir: caseWord(io, 'case log', words), remark: oneLine('remark', remark), output };
  },
  run: async ({ dir, remark, output }, { io }) => {
    if (remark !== undefined) return addRemark(io, dir, remark);
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

async function addRemark(io: Io, dir: string, remark: string): Promise<number> {
  const opened = await openCase(io, { dir, target: '', create: false });
  try {
    const act = { action: 'remark', object: opened.name, result: 'done', details: { remark } };
    await opened.custody.appendAfterSeal(act);
    await writeLine(io.stdout, `case/${opened.name} line ${opened.custody.head.seq} recorded`);
    return exitCode.done;
  } finally {
    await opened.close();
  }
}

function table(lines: readonly CustodyLine[], wide: boolean): string {
  const headers = ['LINE', 'TIME', 'WHO', 'ACTION', 'OBJECT', 'RESULT', ...(wide ? ['DETAILS'] : [])];
  return renderTable(
    headers,
    lines.map(({ seq, time, actor, action, object, result, details }) => {
      const who = `${actor.user}@${actor.host}${actor.api === '' ? '' : ` as ${actor.api}`}`;
      const more = JSON.stringify(details ?? {});
      return [`${seq}`, time, who, action, object, action === 'remark' ? remarkOf(details) : result, more];
    }),
  );
}

function remarkOf(details: CustodyLine['details']): string {
  const remark = details?.['remark'];
  return typeof remark === 'string' ? remark : '';
}

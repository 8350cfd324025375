import type { Case } from '../evidence/case.ts';
import { keepFindings } from '../evidence/findings-file.ts';
import type { Finding } from '../findings/finding.ts';
import { reaches } from '../findings/judge.ts';
import { rules } from '../findings/rules.ts';
import { OperationError } from '../output/errors.ts';
import type { Progress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import { judgeCase } from './case-findings.ts';
import type { CommandContext } from './command.ts';
import { countsOf, subjectText, type Told } from './findings-output.ts';

/** What judging the case of a response came to. */
export interface ResponseFindings {
  readonly found?: Told;
  readonly failures: readonly string[];
}

/** Findings that are shown; behind a flood of them stands how many there are. */
const mostLines = 20;

/**
 * The stage `findings` of a response: judges all rules on the case and keeps what they found in it. A rule that was not
 * judged is told and makes no response partial; evidence that can't be read does. Throws on an interrupt or a bug.
 */
export async function findInCase(
  opened: Case,
  { io, signal }: CommandContext,
  progress: Progress,
): Promise<ResponseFindings> {
  const started = io.monotonic();
  await progress.running('findings', '');
  try {
    const found = await judgeCase(opened.dir, { rules }, opened.name, signal);
    const judgements = found.rules * found.nodes.length;
    await keepFindings(opened, found.findings, {
      findings: found.findings.length,
      judgements: judgements - found.notJudged.length,
      notJudged: found.notJudged.length,
    });
    const lacking =
      found.notJudged.length === 0 ? '' : `; ${found.notJudged.length} of ${judgements} rules not judged`;
    await progress.step('findings', `${countsOf(found.findings)}${lacking}`, io.monotonic() - started);
    return { found, failures: [...found.damaged, ...found.denied].map((lack) => `findings: ${lack}`) };
  } catch (error) {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    await progress.step('findings', error.message, io.monotonic() - started, 'fail');
    return { failures: [`findings: ${error.message}`] };
  }
}

/** What needs somebody at once, a table; undefined when there is none. */
export function urgentText({ findings }: Pick<Told, 'findings'>): string | undefined {
  const urgent = findings.filter(({ severity }) => reaches(severity, 'high'));
  if (urgent.length === 0) return undefined;
  const rows = urgent.slice(0, mostLines).map(rowOf);
  const more = urgent.length > mostLines ? `\n${urgent.length - mostLines} more like these` : '';
  return `${renderTable(['SEVERITY', 'FINDING', 'SUBJECT', 'TECHNIQUE'], rows)}${more}`;
}

function rowOf({ severity, title, seen, subject, attack }: Finding): string[] {
  return [severity.toUpperCase(), `${title}: ${seen}`, subjectText(subject), attack[0] ?? ''];
}

import { nearestName } from '../cluster/nearest.ts';
import { type Severity, severities } from '../findings/finding.ts';
import { reaches, unmet } from '../findings/judge.ts';
import { findRule, rules } from '../findings/rules.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { caseWord } from './case-word.ts';
import { judgeCase } from './case-findings.ts';
import { defineCommand } from './command.ts';
import { printFindings, tellLimits } from './findings-output.ts';
import { outputFlags } from './flags.ts';

const flags = {
  ...outputFlags,
  severity: {
    type: 'string',
    summary: 'leave out what weighs less',
    choices: [...severities],
    placeholder: 'LEVEL',
  },
  rule: { type: 'string', summary: 'judge only this rule', repeated: true, placeholder: 'ID' },
} as const;

/**
 * `kubectl ir findings CASE`: judges the rules on a case, offline. Exit 3 when a rule could not be judged although the case
 * asked for its evidence or the user for the rule, or was judged on less than there was.
 */
export const command = defineCommand({
  flags,
  complete: (words, { output, severity, rule }, { io }) => ({
    dir: caseWord(io, 'findings', words),
    word: words[0] ?? io.env['KUBECTL_IR_CASE'] ?? '',
    chosen: rule.length === 0 ? rules : rule.map(known),
    named: rule.length > 0,
    least: (severity ?? 'info') as Severity,
    output,
  }),
  run: async ({ dir, word, chosen, named, least, output }, { io, signal }) => {
    const told = await judgeCase(dir, chosen, word, signal);
    const findings = told.findings.filter((finding) => reaches(finding.severity, least));
    await printFindings(io, { ...told, findings }, output);
    await tellLimits(io, told);
    return unmet(told.notJudged, named).length + told.incomplete.length === 0
      ? exitCode.done
      : exitCode.partial;
  },
});

function known(id: string): (typeof rules)[number] {
  const rule = findRule(id);
  if (rule !== undefined) return rule;
  const ids = rules.map((one) => one.id);
  const near = nearestName(id, ids);
  throw new UsageError(
    `there is no rule "${id}"${near === undefined ? '' : `; nearest: ${near}`}\nrules: ${ids.join(', ')}`,
  );
}

import { nearestName } from '../cluster/nearest.ts';
import { type Severity, severities } from '../findings/finding.ts';
import { judge, reaches } from '../findings/judge.ts';
import { findRule, rules } from '../findings/rules.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { caseWord } from './case-word.ts';
import { readTraces } from './case-traces.ts';
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
 * `kubectl ir findings CASE`: judges the rules on a case, offline. Exit 3 when a rule could not be judged, or on less than
 * there was.
 */
export const command = defineCommand({
  flags,
  complete: (words, { output, severity, rule }, { io }) => ({
    dir: caseWord(io, 'findings', words),
    word: words[0] ?? io.env['KUBECTL_IR_CASE'] ?? '',
    chosen: rule.length === 0 ? rules : rule.map(known),
    least: (severity ?? 'info') as Severity,
    output,
  }),
  run: async ({ dir, word, chosen, least, output }, { io, signal }) => {
    const books = await readTraces(dir, signal);
    const dockets = books.map((book) => ({
      traces: book.traces(),
      gaps: book.gaps,
      has: (need: Parameters<typeof book.has>[0]) => book.has(need),
    }));
    const judgement = judge(chosen, dockets, word);
    const findings = judgement.findings.filter((finding) => reaches(finding.severity, least));
    const malformed = books.reduce((sum, book) => sum + book.malformed, 0);
    const told = {
      ...judgement,
      findings,
      malformed,
      rules: chosen.length,
      nodes: books.map(({ node }) => node),
    };
    await printFindings(io, told, output);
    await tellLimits(io, told);
    return judgement.notJudged.length + judgement.incomplete.length === 0 ? exitCode.done : exitCode.partial;
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

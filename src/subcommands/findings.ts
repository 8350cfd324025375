import { resolve } from 'node:path';
import { nearestName } from '../cluster/nearest.ts';
import { withCaseDirectory } from '../evidence/unpacked-case.ts';
import { compared } from '../findings/baseline.ts';
import { type Severity, severities } from '../findings/finding.ts';
import { reaches, unmet } from '../findings/judge.ts';
import { rules } from '../findings/rules.ts';
import { exitCode, UsageError, VerificationError } from '../output/errors.ts';
import { createProgress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import { caseOrArchiveWord } from './case-word.ts';
import { judgeCase } from './case-findings.ts';
import { defineCommand } from './command.ts';
import { printFindings, tellLimits, type Told } from './findings-output.ts';
import { outputFlags } from './flags.ts';
import { readOwnRules } from './own-rules.ts';

const flags = {
  output: { ...outputFlags.output, choices: ['table', ...outputFlags.output.choices] },
  severity: {
    type: 'string',
    summary: 'leave out what weighs less',
    choices: [...severities],
  },
  rule: { type: 'string', summary: 'judge only this rule', repeated: true, placeholder: 'ID' },
  baseline: {
    type: 'string',
    summary: 'mark what is new since this case, of an earlier time or of a sister node',
    placeholder: 'CASE',
  },
  rules: { type: 'string', summary: 'judge rules of yours too, files *.yaml of DIR', placeholder: 'DIR' },
} as const;

/**
 * `kubectl ir findings CASE|ARCHIVE`: judges the rules on a case, offline. Exit 3 when a rule could not be judged although the case
 * asked for its evidence or the user for the rule, was judged on less than there was, or is one of the user's that can't be
 * used, and when part of the case can't be read here; 4 when part of the case is damaged.
 */
export const command = defineCommand({
  flags,
  complete: async (words, { output, severity, rule, rules: place, baseline }, { io }) => {
    const dir = caseOrArchiveWord(io, 'findings', words);
    const own = place === undefined ? { rules: [], bad: [] } : await readOwnRules(place);
    const all = [...rules, ...own.rules];
    for (const id of rule) refuseUnknown(id, all);
    const picked = <T extends { readonly id: string }>(from: readonly T[]): readonly T[] =>
      rule.length === 0 ? from : rule.flatMap((id) => from.filter((one) => one.id === id));
    return {
      dir,
      word: words[0] ?? io.env['KUBECTL_IR_CASE'] ?? '',
      wished: { rules: picked(rules), own: { ...own, rules: picked(own.rules) } },
      named: rule.length > 0,
      ...(baseline === undefined ? {} : { baseline: resolve(baseline) }),
      least: (severity ?? 'info') as Severity,
      output,
    };
  },
  run: async ({ dir, word, wished, named, baseline, least, output }, { io, signal }) => {
    const judging = (place: string, name: string): Promise<Told> =>
      withCaseDirectory(place, signal, async (unpacked) => {
        const told = await judgeCase(unpacked, wished, name, signal);
        if (unpacked === place) return told;
        // Nothing is collected into an archive: what is missing goes into a case of its own.
        const into = ` --case ${quotedWord(name)}`;
        const notJudged = told.notJudged.map((one) => ({ ...one, next: one.next.replace(into, '') }));
        const findings = told.findings.map((one) => ({
          ...one,
          next: one.next.map((step) => step.replace(into, '')),
        }));
        return { ...told, findings, notJudged };
      });
    const judged = await judging(dir, word);
    const before = baseline === undefined ? undefined : await judging(baseline, baseline);
    const told = before === undefined ? judged : { ...judged, findings: compared(judged.findings, before) };
    for (const lack of before === undefined ? [] : [...before.damaged, ...before.denied])
      await createProgress(io).warn(`baseline: ${lack}`);
    const findings = told.findings.filter((finding) => reaches(finding.severity, least));
    const leftOut = told.findings.length - findings.length;
    await printFindings(io, { ...told, findings, leftOut }, output);
    await tellLimits(io, told);
    const { notJudged, incomplete, damaged, denied, badRules } = told;
    const [first] = damaged;
    if (first !== undefined)
      throw new VerificationError(`part of the case was left out: ${first}`, {
        advice: 'the rest was judged; see all of it with: kubectl ir verify',
      });
    return unmet(notJudged, named).length + incomplete.length + denied.length + badRules.length === 0
      ? exitCode.done
      : exitCode.partial;
  },
});

function refuseUnknown(id: string, all: readonly { readonly id: string }[]): void {
  const ids = all.map((one) => one.id);
  if (ids.includes(id)) return;
  const near = nearestName(id, ids);
  throw new UsageError(
    `there is no rule "${id}"${near === undefined ? '' : `; nearest: ${near}`}\nrules: ${ids.join(', ')}`,
  );
}

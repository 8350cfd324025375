import { processText } from '../artifacts/process-text.ts';
import type { Compared, Novelty } from '../findings/baseline.ts';
import type { Lack } from '../findings/docket.ts';
import { type Common, type Finding, severities, type Subject } from '../findings/finding.ts';
import { type Judgement, reaches } from '../findings/judge.ts';
import type { BadRule } from '../findings/own-rule.ts';
import { formatCount } from '../output/count.ts';
import { type Io, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';

/** Damaged pieces that are told, and those that can't be read here; behind them stands how many there are. */
const mostDamaged = 10;

/** A judgement and on what it was made. */
export interface Told extends Judgement {
  /** Each says whether it is new, where there was a baseline. */
  readonly findings: readonly Compared[];
  /** Findings that weigh less than was asked for. */
  readonly leftOut?: number;
  readonly nodes: readonly string[];
  /** How many rules were asked for. */
  readonly rules: number;
  /** Pieces of evidence that are no records of their format, and were left out. */
  readonly malformed: number;
  /** Items that are not what was collected, and acquisitions that are none any more; a sentence each. */
  readonly damaged: readonly string[];
  /** Acquisitions that can't be read here, for want of a right or as a newer program wrote them; a sentence each. */
  readonly denied: readonly string[];
  /** Rules of the user that can't be used. */
  readonly badRules: readonly BadRule[];
}

/**
 * Prints findings: a table, and those that need somebody at once with evidence, doubt and next steps; `wide` has these of
 * all. Schema of the data: schema/finding-list.json.
 */
export async function printFindings(io: Io, told: Told, output: string | undefined): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    await printData(io, findingList(told), output);
    return;
  }
  const { findings } = told;
  if (output === 'name') {
    for (const { rule, subject } of findings)
      await writeLine(io.stdout, terminalLine(`finding/${rule}/${subject.node}/${subjectText(subject)}`));
    return;
  }
  if (findings.length > 0) {
    const compares = findings.some((finding) => finding.new !== undefined);
    const rows = findings.map(
      ({ severity, confidence, title, subject, rule, common, new: novelty = 'unknown' }) => [
        severity.toUpperCase(),
        ...(compares ? [noveltyTexts[novelty]] : []),
        confidence,
        common === undefined ? title : `${title} (${commonText(common)})`,
        `${told.nodes.length > 1 ? `${subject.node} ` : ''}${subjectText(subject)}`,
        rule,
      ],
    );
    const headers = ['SEVERITY', ...(compares ? ['NEW'] : []), 'SURE', 'FINDING', 'SUBJECT', 'RULE'];
    await writeLine(io.stdout, renderTable(headers, rows));
  }
  for (const finding of findings)
    if (output === 'wide' || reaches(finding.severity, 'high'))
      for (const line of blockOf(finding)) await writeLine(io.stdout, terminalLine(line));
  await writeLine(io.stdout, summaryOf(told));
}

const noveltyTexts: Readonly<Record<Novelty, string>> = { yes: 'NEW', no: '-', unknown: '?' };

/** What `-o json` prints. */
export function findingList(told: Told): object {
  const { findings, notJudged, incomplete, nodes, rules, malformed, damaged, denied, badRules } = told;
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'FindingList',
    nodes,
    rules,
    items: findings,
    notJudged,
    incomplete,
    malformed,
    damaged,
    denied,
    badRules,
  };
}

/** Tells on stderr what was not judged and why, and what came out of less than there was. */
export async function tellLimits(
  io: Io,
  { notJudged, incomplete, malformed, damaged, denied, badRules }: Told,
): Promise<void> {
  const progress = createProgress(io);
  for (const { file, line, reason } of badRules)
    await progress.warn(`rule left out: ${file}:${line}: ${reason}`);
  for (const [what, reasons] of [
    ['damaged, left out', damaged],
    ['not readable here', denied],
  ] as const) {
    for (const one of reasons.slice(0, mostDamaged)) await progress.warn(`${what}: ${one}`);
    if (reasons.length > mostDamaged) await progress.warn(`${what}: ${reasons.length - mostDamaged} more`);
  }
  const groups = new Map<string, { rules: string[]; way: string }>();
  for (const { rule, node, lack, reason, next } of notJudged) {
    const key = `${node}: ${reason}`;
    const way = lack === 'none' ? '' : `; collect it with: ${next}`;
    groups.set(key, { rules: [...(groups.get(key)?.rules ?? []), rule], way });
  }
  for (const [key, { rules, way }] of groups)
    await progress.warn(`not judged: ${rules.join(', ')} on ${key}${way}`);
  for (const { rule, node, items, reason } of incomplete)
    await progress.warn(`judged on less: ${rule} on ${node}: ${items} missing, the first: ${reason}`);
  if (malformed > 0)
    await progress.warn(`pieces of the evidence that are no records and were left out: ${malformed}`);
}

function* blockOf(finding: Finding): Generator<string> {
  const { severity, confidence, rule, title, seen, subject, evidence, explanation, refutedBy, next, common } =
    finding;
  yield '';
  yield `${severity.toUpperCase()}   ${title}`;
  yield `   subject    ${subject.node} ${subjectText(subject)}`;
  yield `   seen       ${seen}`;
  if (common !== undefined)
    yield `   common     ${commonText(common)}, of one DaemonSet, image and specification; ${common.otherwise} otherwise`;
  yield `   means      ${explanation}`;
  for (const { acquisition, item, name, excerpt } of evidence)
    yield `   evidence   ${acquisition} #${item} ${name}: ${excerpt}`;
  yield `   sure       ${confidence}; it would be refuted by: ${refutedBy}`;
  yield `   rule       ${[rule, ...finding.attack, ...finding.threatMatrix].join(' ')}`;
  for (const command of next) yield `   next       ${command}`;
}

function commonText({ nodes, of }: Common): string {
  return `on ${nodes} of ${of} nodes`;
}

/** A subject on one line: namespace/pod/container, pid and start, path. */
export function subjectText(subject: Subject): string {
  const { namespace, pod, container, path } = subject;
  const place = [namespace, pod, container].filter((part) => part !== undefined).join('/');
  const text = [place, processText(subject), path ?? ''].filter((part) => part !== '').join(' ');
  return text === '' ? 'node' : text;
}

function summaryOf({ findings, leftOut = 0, notJudged, nodes, rules, badRules }: Told): string {
  const total = rules * nodes.length;
  const judged = `${total - notJudged.length} of ${total} judgements made on ${nodes.length === 0 ? 'no node' : nodes.join(', ')}`;
  const left = badRules.length === 0 ? [] : [`${badRules.length} of your rules left out`];
  const lighter = leftOut === 0 ? [] : [`${leftOut} that weigh less left out`];
  const fresh = (novelty: Novelty): number => findings.filter((one) => one.new === novelty).length;
  const compared = findings.some((one) => one.new !== undefined)
    ? [`${fresh('yes')} new, ${fresh('unknown')} not comparable`]
    : [];
  return terminalLine(
    // Nothing found where nothing was looked at is not the same as nothing found.
    [
      total > notJudged.length ? countsOf(findings) : 'NOTHING WAS JUDGED',
      ...lighter,
      ...compared,
      [judged, ...lacksOf(notJudged), ...left].join(', '),
    ].join('; '),
  );
}

/** How many findings there are of each severity, gravest first: `2 critical, 1 high`. */
export function countsOf(findings: readonly Finding[]): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return counts.length === 0 ? 'no finding' : counts.join(', ');
}

const lackTexts: Readonly<Record<Lack, string>> = {
  missing: 'NOT judged',
  'not-asked': 'not judged (not collected)',
  none: 'not judged (the node has no such thing)',
};

/** How many rules were not judged, for each reason. */
function lacksOf(notJudged: Told['notJudged']): string[] {
  return (['missing', 'not-asked', 'none'] as const).flatMap((reason) => {
    const count = notJudged.filter(({ lack }) => lack === reason).length;
    return count === 0 ? [] : [`${formatCount(count, 'rule')} ${lackTexts[reason]}`];
  });
}

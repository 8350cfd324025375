import type { Audience } from '../audience.ts';
import { techniques, tactics } from '../attack.ts';
import {
  type Block,
  commands,
  facts,
  figure,
  heading,
  list,
  note,
  paragraph,
  type Section,
  table,
} from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { MatrixFigure } from '../figure.ts';
import type { FindingFacts, FindingsPart } from '../facts/findings.ts';
import type { Report } from '../report.ts';
import { code, codes, isGrave, severityTag, severityTones, subjectText } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** Findings that are told with all that is needed to believe, doubt and act on them. */
const mostInFull = 40;
const evidenceFor: Readonly<Record<Audience, number>> = {
  all: 4,
  managers: 0,
  engineers: 3,
  infrastructure: 3,
  examiners: 12,
};

/** What rules found: all of it in a table, the grave ones in full, and where they stand in MITRE ATT&CK. */
export function findingsSection({ findings }: Report, audience: Audience): Section {
  const { found, failed } = findings;
  const blocks: Block[] = [];
  if (failed !== undefined) blocks.push(paragraph(`No rule was held against the evidence: ${failed}.`));
  else if (found.total === 0)
    blocks.push(paragraph('No rule found anything. That is no proof that nothing happened: see the gaps.'));
  else {
    blocks.push(paragraph(countsText(findings)), tableOf(findings));
    const rest = restOf(found, 'findings');
    if (rest !== undefined) blocks.push(note(rest));
    const matrix = matrixOf(findings);
    if (matrix.rows.length > 0) blocks.push(figure(matrix));
    const grave = found.items.filter(isGrave);
    for (const finding of grave.slice(0, mostInFull)) blocks.push(...inFull(finding, evidenceFor[audience]));
    if (grave.length > mostInFull)
      blocks.push(
        note(
          `${formatCount(grave.length - mostInFull, 'more finding of high weight is', 'more findings of high weight are')} in the table; in full: ${found.command} -o wide`,
        ),
      );
  }
  return { id: 'findings', title: 'Findings', blocks };
}

function countsText({ counts, judged, notJudged }: FindingsPart): string {
  const words = Object.entries(counts).flatMap(([severity, number]) =>
    number === 0 ? [] : [`${number} ${severity}`],
  );
  return `${words.join(', ')}. ${formatCount(judged, 'judgement')} made, ${notJudged.total} could not be made.`;
}

function tableOf({ found }: FindingsPart): Block {
  return table(
    'Findings, gravest first',
    ['Severity', 'Sure', 'Finding', 'Subject', 'Node'],
    found.items.map((finding) => [
      [severityTag(finding.severity)],
      finding.confidence,
      finding.title,
      code(subjectText(finding.subject)),
      finding.subject.node,
    ]),
  );
}

function inFull(finding: FindingFacts, mostEvidence: number): Block[] {
  const { severity, title, subject, seen, explanation, confidence, refutedBy, rule, attack, threatMatrix } =
    finding;
  const evidence = finding.evidence.slice(0, mostEvidence);
  const blocks: Block[] = [
    heading([severityTag(severity), ` ${title}`]),
    facts([
      ['Subject', [{ code: subjectText(subject) }, ` on ${subject.node}`]],
      ['Seen', seen],
      ['Means', explanation],
      ['How sure', `${confidence}. It would be refuted by: ${refutedBy}`],
      ['Techniques', attack.map((id) => `${id} ${techniques[id]?.name ?? ''}`.trim()).join(', ')],
      ['Threat matrix', threatMatrix.join(', ')],
      ['Rule', codes([rule])],
    ]),
  ];
  if (evidence.length > 0)
    blocks.push(
      list(
        evidence.map(({ acquisition, item, name, excerpt }) => [
          { code: `${acquisition} #${item}` },
          ' ',
          { code: name },
          `: ${excerpt}`,
        ]),
      ),
    );
  if (finding.evidence.length > evidence.length)
    blocks.push(
      note(
        `${formatCount(finding.evidence.length - evidence.length, 'more piece', 'more pieces')} of evidence: kubectl ir findings, -o json`,
      ),
    );
  if (finding.next.length > 0) blocks.push(commands(finding.next));
  return blocks;
}

/** Techniques by tactic; one that serves several tactics stands in each. */
export function matrixOf({ techniques: found }: FindingsPart): MatrixFigure {
  const rows = tactics.flatMap((tactic) => {
    const cells = found.flatMap(({ id, count: number, severity }) => {
      const known = techniques[id];
      return known?.tactics.includes(tactic) === true
        ? [{ id, name: known.name, count: number, tone: severityTones[severity] }]
        : [];
    });
    return cells.length === 0 ? [] : [{ tactic, cells }];
  });
  return {
    kind: 'matrix',
    title: 'Techniques of MITRE ATT&CK that the findings point to',
    description: rows
      .map(({ tactic, cells }) => `${tactic}: ${cells.map(({ id, name }) => `${id} ${name}`).join(', ')}`)
      .join('. '),
    rows,
  };
}

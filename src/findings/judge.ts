import { formatCount } from '../output/count.ts';
import type { BookGap, Docket, Lack } from './docket.ts';
import { type Finding, type Match, severities, type Severity } from './finding.ts';
import { type Need, type NeedFacts, needs } from './need.ts';
import { nextSteps } from './next-steps.ts';
import { weighedByNodes } from './prevalence.ts';
import type { Judge, Rule } from './rule.ts';

/** A rule that could not be judged on a node; that is not the same as finding nothing. */
export interface NotJudged {
  readonly rule: string;
  readonly node: string;
  readonly lack: Lack;
  readonly reason: string;
  /** The command that collects what is missing. */
  readonly next: string;
}

/** A rule that was judged on less than there was. */
export interface Incomplete {
  readonly rule: string;
  readonly node: string;
  /** Items that it reads and that are not whole; the first of them and why. */
  readonly items: number;
  readonly reason: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
  readonly incomplete: readonly Incomplete[];
}

/** Matches of one rule on one node that are told; what hides behind a flood of one's own making is counted. */
const mostMatches = 1000;

/**
 * Judges rules on nodes. The same evidence gives the same judgement in the same order: gravest first. `all` are the rules that
 * accuse a pod before another rule; a choice of rules changes nothing in what each of them says.
 */
export function judge(
  rules: readonly Rule[],
  dockets: readonly Docket[],
  caseWord: string,
  all: readonly Rule[] = rules,
): Judgement {
  const findings: Finding[] = [];
  const notJudged: NotJudged[] = [];
  const incomplete: Incomplete[] = [];
  const ready = rules.map((rule) => [rule, judgeOf(rule, dockets)] as const);
  for (const docket of dockets) {
    const accused = once(() => accusedBy(all, docket));
    for (const [rule, judgeNode] of ready) {
      const { node } = docket.traces;
      const lacking = rule.needs.find((need) => !hasWhole(docket, need));
      if (lacking !== undefined) {
        const { collect } = needs[lacking];
        const [next = collect] = nextSteps([collect], caseWord, { node });
        const lack = docket.has(lacking) ? 'missing' : docket.lackOf(lacking);
        notJudged.push({ rule: rule.id, node, lack, reason: reasonOf(docket, lacking, lack), next });
        continue;
      }
      if (typeof judgeNode === 'number') {
        notJudged.push(tooFew(rule, node, judgeNode, caseWord));
        continue;
      }
      const gaps = docket.gaps.filter((gap) => rule.needs.some((need) => isOf(gap, needs[need])));
      if (gaps[0] !== undefined)
        incomplete.push({ rule: rule.id, node, items: gaps.length, reason: reasonOfGap(gaps[0]) });
      const { kept, count } = gravestOf(judgeNode(docket.traces, accused), rule.severity);
      findings.push(...kept.map((match) => findingOf(rule, node, match, caseWord)));
      if (count > mostMatches)
        incomplete.push({
          rule: rule.id,
          node,
          items: count - mostMatches,
          reason: `it matched ${count} times; the gravest ${mostMatches} are told`,
        });
    }
  }
  return { findings: inOrder(weighedByNodes(findings, rules, dockets, notJudged)), notJudged, incomplete };
}

/** The gravest of any number of matches: a flood of one's own making hides none that weighs more. */
function gravestOf(
  matches: Iterable<Match>,
  otherwise: Severity,
): { readonly kept: Match[]; readonly count: number } {
  const bySeverity = new Map<Severity, Match[]>(severities.map((severity) => [severity, []]));
  let count = 0;
  for (const match of matches) {
    count += 1;
    const list = bySeverity.get(match.severity ?? otherwise);
    if (list !== undefined && list.length < mostMatches) list.push(match);
  }
  return { kept: [...bySeverity.values()].flat().slice(0, mostMatches), count };
}

/** Gravest first; of one weight by rule and subject. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(compare);
}

function findingOf(rule: Rule, node: string, match: Match, caseWord: string): Finding {
  const subject = { node, ...match.subject };
  return {
    rule: rule.id,
    title: rule.title,
    severity: match.severity ?? rule.severity,
    confidence: match.confidence ?? rule.confidence,
    attack: rule.attack,
    threatMatrix: rule.threatMatrix,
    subject,
    seen: match.seen,
    evidence: match.evidence,
    explanation: rule.explanation,
    refutedBy: rule.refutedBy,
    next: nextSteps(rule.next, caseWord, subject, match.names),
  };
}

/** The pods of which rules on one node say critical or high, without a look at who else is accused. */
function accusedBy(rules: readonly Rule[], docket: Docket): ReadonlySet<string> {
  const pods = new Set<string>();
  for (const rule of rules) {
    if (rule.nodes !== undefined || !rule.needs.every((need) => hasWhole(docket, need))) continue;
    for (const { subject, severity = rule.severity } of rule.judge(docket.traces, () => new Set()))
      if (subject.pod !== undefined && reaches(severity, 'high'))
        pods.add(`${subject.namespace ?? ''}/${subject.pod}`);
  }
  return pods;
}

/** What judges a rule on each node; where it needs more nodes than have its evidence, how many have. */
function judgeOf(rule: Rule, dockets: readonly Docket[]): Judge | number {
  if (rule.nodes === undefined) return rule.judge;
  const fleet = dockets
    .filter((docket) => rule.needs.every((need) => hasWhole(docket, need)))
    .map(({ traces }) => traces);
  return fleet.length < rule.nodes ? fleet.length : rule.judgeAmong(fleet);
}

function tooFew(rule: Rule, node: string, count: number, caseWord: string): NotJudged {
  const what = rule.needs.map((need) => needs[need].what).join(' and ');
  const reason = `the case has ${what} of ${formatCount(count, 'node')}, and ${rule.nodes ?? 0} are needed`;
  const collect = 'kubectl ir snapshot node --all-nodes --profile full --case {case}';
  const [next = collect] = nextSteps([collect], caseWord, { node });
  return { rule: rule.id, node, lack: 'not-asked', reason, next };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function hasWhole(docket: Docket, need: Need): boolean {
  const facts: NeedFacts = needs[need];
  return docket.has(need) && (facts.whole !== true || !docket.gaps.some((gap) => isOf(gap, facts)));
}

/** True for a gap that is, or may be, in what a need stands for. */
function isOf({ name, any }: BookGap, { reads }: NeedFacts): boolean {
  return any === true || reads.test(name);
}

function reasonOf(docket: Docket, need: Need, because: Lack): string {
  const facts: NeedFacts = needs[need];
  const { what, whole, none } = facts;
  if (because === 'none' && none !== undefined) return none.why;
  if (because === 'not-asked') return `nothing in the case asked for ${what} of this node`;
  const gap = docket.gaps.find((one) => isOf(one, facts));
  const lack = `the case has no ${whole === true && gap !== undefined ? 'whole ' : ''}${what} of this node`;
  return gap === undefined ? lack : `${lack}: ${reasonOfGap(gap)}`;
}

function reasonOfGap({ name, why }: BookGap): string {
  return `${name}: ${why}`;
}

/** Rules not judged although their evidence was asked for, or they were by name: what was wanted was not measured. */
export function unmet(notJudged: readonly NotJudged[], named: boolean): readonly NotJudged[] {
  return notJudged.filter(({ lack }) => named || lack === 'missing');
}

/** True when a severity weighs as much as another, or more. */
export function reaches(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

function compare(a: Finding, b: Finding): number {
  const weight = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return weight !== 0 ? weight : byText(keyOf(a), keyOf(b)) || (a.subject.pid ?? 0) - (b.subject.pid ?? 0);
}

function keyOf({ rule, subject, seen }: Finding): string {
  const { node, namespace = '', pod = '', container = '', path = '' } = subject;
  return [rule, node, namespace, pod, container, path, seen].join('\0');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

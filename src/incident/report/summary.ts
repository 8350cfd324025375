import { formatCount } from '../../output/count.ts';
import type { Contained, IsolationFacts } from './facts/isolation.ts';
import type { Report, Summary } from './report.ts';
import { durationText, timeText } from './words.ts';

/** The facts that a summary is made of. */
export type Summarised = Pick<
  Report,
  | 'case'
  | 'course'
  | 'isolations'
  | 'findings'
  | 'workloads'
  | 'containers'
  | 'nodes'
  | 'identities'
  | 'timeline'
  | 'broken'
> & { readonly gapCount: number };

/** Rules that are named in a summary. */
const mostNamed = 4;

/** What happened, since when, whether it is contained, and what is not known; in plain words. */
export function summaryOf(facts: Summarised): Summary {
  const verdict = containedOf(facts.isolations);
  return {
    verdict,
    contained: containedSentence(verdict, facts.isolations),
    happened: happenedSentences(facts),
    since: sinceSentence(facts),
    unknown: unknownSentences(facts),
  };
}

/** The verdict on one isolation; a later release takes it back. */
export function verdictOf({ verdict, released }: IsolationFacts): Contained {
  return released === undefined ? verdict : 'RELEASED';
}

/** The worst verdict of all. */
export function containedOf(isolations: readonly IsolationFacts[]): Contained {
  const verdicts = new Set(isolations.map(verdictOf));
  const order: readonly Contained[] = ['LEAKS', 'UNVERIFIED', 'RELEASED', 'HOLDS'];
  return order.find((one) => verdicts.has(one)) ?? 'NOT ISOLATED';
}

function containedSentence(verdict: Contained, isolations: readonly IsolationFacts[]): string {
  const pods = formatCount(isolations.length, 'pod');
  const [first] = isolations;
  const at = first === undefined ? '' : timeText(first.time);
  const after =
    isolations.length === 1 && first?.verdictAfter !== undefined
      ? `, ${durationText(first.verdictAfter)} after the command`
      : '';
  const judged = isolations.reduce((sum, one) => sum + one.judged, 0);
  switch (verdict) {
    case 'HOLDS':
      return `Contained. Network isolation of ${pods} was proven at ${at}${after}: of ${formatCount(judged, 'flow')} that worked before and were tried again none gets through.`;
    case 'LEAKS':
      return `Not contained. An isolation stands, and data still gets through it; the flows are named below.`;
    case 'UNVERIFIED':
      return `Contained as far as is known, which is not proven: not everything could be tried again after the isolation.`;
    case 'RELEASED':
      return `The isolation was lifted again; nothing holds a pod of this case back any more that was released.`;
    case 'NOT ISOLATED':
      return `Not contained by this case: it tells of no isolation.`;
  }
}

function happenedSentences({ course, findings, workloads, containers, nodes }: Summarised): string[] {
  const sentences: string[] = [];
  if (course.facts.seen !== undefined) sentences.push(`Reported: ${course.facts.seen}`);
  const { critical, high, medium, low, info } = findings.counts;
  const grave = findings.rules.filter(({ severity }) => severity === 'critical' || severity === 'high');
  const affected = workloads.filter((one) => one.findings > 0 || one.verdict !== 'NOT ISOLATED');
  const names = affected.slice(0, mostNamed).map(({ namespace, pod }) => `${namespace}/${pod}`);
  if (affected.length > 0)
    sentences.push(
      `Affected: ${names.join(', ')}${affected.length > names.length ? ` and ${affected.length - names.length} more` : ''}.`,
    );
  if (findings.failed !== undefined)
    sentences.push('The evidence could not be judged; see what is not known.');
  else if (grave.length === 0)
    sentences.push(
      `No rule found anything grave (${formatCount(medium, 'finding')} of medium weight, ${low + info} of less); that is no proof that nothing happened.`,
    );
  else {
    const named = grave
      .slice(0, mostNamed)
      .map((one) => `${one.title}${one.count === 1 ? '' : ` (${one.count} times)`}`);
    sentences.push(
      `${formatCount(critical, 'critical finding')} and ${high} of high weight: ${named.join('; ')}${grave.length > named.length ? `; and ${formatCount(grave.length - named.length, 'more kind')}` : ''}.`,
    );
  }
  const changed = containers.reduce((sum, one) => sum + one.changes.total, 0);
  if (changed > 0)
    sentences.push(
      `${formatCount(changed, 'file')} differ from the image that the workload was started from.`.replace(
        /^1 file differ/,
        '1 file differs',
      ),
    );
  const broken = nodes.filter(({ breakout }) => breakout.length > 0);
  if (broken.length > 0)
    sentences.push(
      `There are signs that somebody got from a container to ${broken.map(({ name }) => name).join(', ')}: treat all that runs there as affected.`,
    );
  return sentences;
}

function sinceSentence({ course, containers, case: { created } }: Summarised): string {
  const began = course.facts.began;
  if (began !== undefined) return `It is thought to have begun at ${timeText(began)}.`;
  const times = containers.flatMap(({ changes, processes }) => [
    ...changes.items.map(({ time }) => time),
    ...processes.map(({ started }) => started),
  ]);
  const first = times.reduce(
    (least, time) => (time !== undefined && (least === undefined || time < least) ? time : least),
    undefined,
  );
  if (first !== undefined && first < created)
    return `The first change to a workload against its image is of ${timeText(first)}; it may have begun earlier.`;
  return `When it began is not known; the case was opened at ${timeText(created)}.`;
}

function unknownSentences(facts: Summarised): string[] {
  const { findings, isolations, identities, nodes, broken, gapCount, timeline } = facts;
  const sentences: string[] = [];
  if (broken !== undefined) sentences.push(`The record of who did what is broken: ${broken}.`);
  if (findings.failed !== undefined)
    sentences.push(`No rule was held against the evidence: ${findings.failed}.`);
  if (timeline.failed !== undefined)
    sentences.push(`The order of events could not be read: ${timeline.failed}.`);
  if (findings.notJudged.total > 0)
    sentences.push(
      `${formatCount(findings.notJudged.total, 'rule was', 'rules were')} not judged, as the case lacks evidence for ${findings.notJudged.total === 1 ? 'it' : 'them'}.`,
    );
  for (const { verdict, reasons } of isolations)
    if (verdict === 'UNVERIFIED') sentences.push(`Isolation not proven: ${reasons.join('; ')}.`);
  const told = nodes.filter(({ breakout }) => breakout.length > 0).map(({ name }) => name);
  if (told.length > 0)
    sentences.push(
      `Evidence of ${told.join(', ')} is as told by the node: who owns a node decides what it says.`,
    );
  if (gapCount > 0)
    sentences.push(`${formatCount(gapCount, 'thing was', 'things were')} not collected, or not whole.`);
  if (identities.length === 0)
    sentences.push('What the account of the workload could reach was not collected into this case.');
  sentences.push('Whether data was taken is not measured.');
  return sentences;
}

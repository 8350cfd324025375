import { formatCount } from '../output/count.ts';
import { renderTable } from '../output/table.ts';
import type { Isolation } from './isolation.ts';
import type { GroupPlan, LeftPod } from './look-together.ts';
import type { IsolationPlan } from './plan.ts';
import { type Fact, planFacts } from './present.ts';
import type { Subject } from './subject.ts';

/** How the isolation of one of several pods ended. */
export type GroupEnd =
  | { readonly plan: IsolationPlan; readonly isolation: Isolation }
  | { readonly plan: IsolationPlan; readonly failure: string; readonly advice?: string };

/** What is said for each pod; everything else is said once, with the pods that it is true of. */
const ownLabels: ReadonlySet<string> = new Set(['Pod', 'Plan']);
const namesShown = 3;

/** One plan for several pods, line by line: each pod and its acts, then what follows from it for all or some of them. */
export function groupFacts({ plans, left }: GroupPlan): Fact[] {
  const shared = new Map<string, Map<string, Subject[]>>();
  const own: Fact[] = [];
  for (const plan of plans) {
    let before = '';
    for (const { label, text } of labelled(planFacts(plan))) {
      if (ownLabels.has(label)) {
        own.push({ label: label === before ? '' : label, text });
        before = label;
        continue;
      }
      const texts = shared.get(label) ?? new Map<string, Subject[]>();
      shared.set(label, texts.set(text, [...(texts.get(text) ?? []), plan.subject]));
    }
  }
  const nodes = new Set(plans.map(({ subject }) => subject.node));
  return [
    { label: 'Pods', text: `${formatCount(plans.length, 'pod')} on ${formatCount(nodes.size, 'node')}` },
    ...own,
    ...[...shared].flatMap(([label, texts]) =>
      [...texts].map(([text, subjects], index) => ({
        label: index === 0 ? label : '',
        text: `${text}${of(subjects, plans.length)}`,
      })),
    ),
    ...left.map((one, index) => ({
      label: index === 0 ? 'Left' : '',
      text: `${nameOf(one)} is not cut: ${one.why}`,
    })),
  ];
}

/** The answer for several pods: a verdict for each, and why where it does not hold. */
export function groupTable(ends: readonly GroupEnd[], left: readonly LeftPod[]): string {
  const rows = ends.map((end) => [
    verdictOf(end),
    nameOf(end.plan.subject),
    end.plan.subject.node,
    ...told(end),
  ]);
  const others = left.map((one) => ['NOT CUT', nameOf(one), '-', '-', one.why]);
  return renderTable(['VERDICT', 'POD', 'NODE', 'LAST BYTE', 'WHY'], [...rows, ...others]);
}

/** `NAMESPACE/NAME`. */
export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

function verdictOf(end: GroupEnd): string {
  return 'isolation' in end ? end.isolation.verification.verdict : 'FAILED';
}

function told(end: GroupEnd): [string, string] {
  if (!('isolation' in end)) return ['-', end.failure];
  const { clock, leaks, verification, actions } = end.isolation;
  const open = actions.filter(({ outcome }) => outcome !== 'done');
  const why = [
    ...leaks.map(({ flow, why: reason }) => `${flow}: ${reason}`),
    ...(verification.verdict === 'UNVERIFIED' ? verification.reasons : []),
    ...open.map(({ kind, outcome, detail }) => `${kind} ${outcome}: ${detail}`),
  ];
  return [clock.cut === undefined ? '-' : `${clock.cut.toFixed(2)}s`, why.join('; ')];
}

/** Each fact with the label it stands under. */
function labelled(facts: readonly Fact[]): Fact[] {
  let label = '';
  return facts.map((fact) => {
    label = fact.label === '' ? label : fact.label;
    return { label, text: fact.text };
  });
}

/** Nothing when it is true of all of several. */
function of(subjects: readonly Subject[], all: number): string {
  if (subjects.length === all && all > 1) return '';
  const names = subjects.slice(0, namesShown).map(nameOf).join(', ');
  const more = subjects.length > namesShown ? ` and ${subjects.length - namesShown} more` : '';
  return ` (${names}${more})`;
}

import type { IncidentKind } from './chain.ts';
import type { Line, Plan } from './plan.ts';
import { placeholdersOf } from './run-line.ts';

/** What a message says; nothing of it comes from evidence. */
export interface MessageFacts {
  readonly incident: IncidentKind;
  /** When it began, RFC 3339 in UTC. */
  readonly since: string;
  readonly step: number;
  /** Names of those who are called now. */
  readonly who: readonly string[];
  readonly lines: readonly Line[];
  /** When others are called unless somebody answers, and who. */
  readonly next?: { readonly at: string; readonly who: readonly string[] };
  readonly caseName?: string;
}

/** What a template may leave to be filled in; what is not known is filled in with a dash. */
export const messagePlaceholders = [
  'organisation',
  'severity',
  'what',
  'area',
  'cause',
  'facts',
  'since',
  'step',
  'who',
  'line',
  'next',
  'case',
] as const;
type Placeholder = (typeof messagePlaceholders)[number];

/** The text of a message by a template, or in the usual words. Names between braces that are no placeholders stay as they are. */
export function messageText(plan: Plan, facts: MessageFacts, template?: string): string {
  const values = valuesOf(plan, facts);
  if (template === undefined) return usualText(values);
  return template.replaceAll(/\{\{([^{}]*)\}\}/g, (whole, name: string) =>
    isPlaceholder(name.trim()) ? (values[name.trim() as Placeholder] ?? '-') : whole,
  );
}

/** Names between braces of a template that nothing is filled in for. */
export function unknownPlaceholders(template: string): string[] {
  return placeholdersOf(template).filter((name) => !isPlaceholder(name));
}

function isPlaceholder(name: string): boolean {
  return messagePlaceholders.some((known) => known === name);
}

type Values = Readonly<Partial<Record<Placeholder, string>>>;

function valuesOf(plan: Plan, facts: MessageFacts): Values {
  const { incident, since, step, who, lines, next, caseName } = facts;
  const severity = plan.severities.find(({ id }) => id === incident.severity);
  const area = plan.areas.find(({ id }) => id === incident.area);
  const cause = incident.cause === undefined ? [] : [incident.cause === 'malice' ? 'malice' : 'human error'];
  const told = [
    ...cause,
    ...(incident.highProfile ? ['high profile'] : []),
    ...(incident.dataInvolved ? ['data of customers or persons involved'] : []),
  ];
  const entries: readonly (readonly [Placeholder, string | undefined])[] = [
    ['organisation', plan.organisation],
    ['severity', severity?.id],
    ['what', severity?.what],
    ['area', area?.name],
    ['cause', cause[0]],
    ['facts', listed(told)],
    ['since', clock(since)],
    ['step', `${step}`],
    ['who', listed(who)],
    ['line', listed(lines.map(({ at }) => at))],
    ['next', next === undefined ? undefined : `${clock(next.at)}: ${next.who.join(', ')}`],
    ['case', caseName],
  ];
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function listed(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : texts.join(', ');
}

function usualText(values: Values): string {
  const kind = values.severity === undefined ? 'incident' : `${values.severity} incident`;
  const about: readonly (readonly [string, string | undefined])[] = [
    ['What', values.what],
    ['Known', values.facts],
    ['Since', values.since],
    ['Called now', values.who],
    ['Answer on', values.line],
    ['Without an answer', values.next],
    ['Case', values.case],
  ];
  return [
    `${values.organisation ?? ''}: ${kind}${values.area === undefined ? '' : `, ${values.area}`}`,
    ...about.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
  ].join('\n');
}

/** `2026-11-26 04:15 UTC`. */
function clock(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

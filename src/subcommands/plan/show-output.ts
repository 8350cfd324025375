import type { EscalationCondition } from '../../incident/plan/escalation.ts';
import type { Plan } from '../../incident/plan/plan.ts';
import type { Layer } from '../../incident/plan/rota.ts';
import { formatCount } from '../../output/count.ts';
import { renderTable } from '../../output/table.ts';

/** Lists of a plan, in the order of its file. */
export const planKinds = [
  'people',
  'teams',
  'areas',
  'rotas',
  'severities',
  'lines',
  'escalation',
  'threats',
  'playbooks',
  'decisions',
] as const satisfies readonly (keyof Plan)[];
export type PlanKind = (typeof planKinds)[number];

interface Columns<T> {
  readonly headers: readonly string[];
  readonly row: (entry: T) => readonly string[];
}

const columns: { readonly [K in PlanKind]: Columns<Plan[K][number]> } = {
  people: {
    headers: ['ID', 'NAME', 'REACH'],
    row: ({ id, name, reach }) => [id, name, reach.map(({ by, at }) => `${by} ${at}`).join(', ')],
  },
  teams: {
    headers: ['ID', 'NAME', 'ROLE', 'LEAD', 'MEMBERS'],
    row: ({ id, name, role, lead, members }) => [id, name, role ?? '-', lead, members.join(', ')],
  },
  areas: {
    headers: ['ID', 'NAME', 'PRIMARY', 'DEPUTIES', 'NAMESPACES'],
    row: ({ id, name, primary, deputies, namespaces = [], selector }) => [
      id,
      name,
      primary,
      deputies.join(', '),
      [...namespaces, ...(selector === undefined ? [] : [selector])].join(', '),
    ],
  },
  rotas: {
    headers: ['ID', 'NAME', 'ZONE', 'TURNS', 'OVERRIDES'],
    row: ({ id, name, timeZone, layers = [], calendar, overrides = [] }) => [
      id,
      name,
      timeZone,
      [...layers.map(turns), ...(calendar === undefined ? [] : [`calendar ${calendar}`])].join('; '),
      overrides.map(({ person, from, to }) => `${person} ${from} to ${to}`).join('; '),
    ],
  },
  severities: {
    headers: ['ID', 'ANSWER WITHIN', 'NEWS EVERY', 'WHAT'],
    row: ({ id, what, respondWithinMinutes, updateEveryMinutes }) => [
      id,
      minutes(respondWithinMinutes),
      updateEveryMinutes === undefined ? '-' : minutes(updateEveryMinutes),
      what,
    ],
  },
  lines: {
    headers: ['ID', 'USE', 'AT', 'FAILS WITH THE CLUSTER'],
    row: ({ id, use, at, dependsOnCluster }) => [id, use, at, dependsOnCluster ? 'yes' : 'no'],
  },
  escalation: {
    headers: ['ID', 'FOR', 'STEPS', 'THEN'],
    row: ({ id, severities, areas, when, steps, then }) => [
      id,
      [severities?.join(', ') ?? 'all', ...(areas ?? []), ...conditions(when)].join(', '),
      steps
        .map(({ notify, timeoutMinutes }) => `${notify.join(' + ')} ${minutes(timeoutMinutes)}`)
        .join('; '),
      then ?? '-',
    ],
  },
  threats: {
    headers: ['ID', 'CAUSE', 'LIKELIHOOD', 'IMPACT', 'SEVERITY', 'PLAYBOOK', 'WHAT'],
    row: ({ id, cause, likelihood, impact, severity, playbook, what }) => [
      id,
      cause,
      likelihood,
      impact,
      severity,
      playbook ?? '-',
      what,
    ],
  },
  playbooks: {
    headers: ['ID', 'STEPS', 'TITLE'],
    row: ({ id, title, steps }) => [id, String(steps.length), title],
  },
  decisions: {
    headers: ['MOVE', 'BY', 'BEFORE'],
    row: ({ move, by, before }) => [move, by.join(', '), before.join('; ')],
  },
};

/** One list of a plan as a table; texts are made safe for the terminal. */
export function planTable(plan: Plan, kind: PlanKind): string {
  return table(columns[kind] as Columns<unknown>, plan[kind]);
}

function table<T>({ headers, row }: Columns<T>, entries: readonly T[]): string {
  return renderTable(headers, entries.map(row));
}

/** One entry, a line for each of its members; lists have a line for each of their items. */
export function entryTable(entry: object): string {
  const rows = Object.entries(entry).flatMap(([name, value]: [string, unknown]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map((one, i) => [i === 0 ? name : '', textOf(one)]);
  });
  return renderTable(['WHAT', 'VALUE'], rows);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]: [string, unknown]) => `${name} ${textOf(member)}`)
    .join(', ');
}

function turns({ people, turnDays, handover, days, from, to }: Layer): string {
  const hours = [days?.join(' ') ?? '', from === undefined ? '' : `${from}-${to ?? ''}`].filter(
    (text) => text !== '',
  );
  return `${people.join(', ')} every ${formatCount(turnDays, 'day')} at ${handover}${hours.length === 0 ? '' : ` (${hours.join(' ')})`}`;
}

function conditions(when: EscalationCondition | undefined): string[] {
  if (when === undefined) return [];
  const { cause, highProfile, dataInvolved } = when;
  return [
    ...(cause === undefined ? [] : [cause]),
    ...(highProfile === undefined ? [] : [highProfile ? 'high profile' : 'not high profile']),
    ...(dataInvolved === undefined ? [] : [dataInvolved ? 'data involved' : 'no data involved']),
  ];
}

function minutes(count: number): string {
  return count % 60 === 0 ? `${count / 60}h` : `${count}m`;
}

import { nearestName } from '../../../cluster/nearest.ts';
import { incidentPhases } from '../../course.ts';
import type { Plan } from '../plan.ts';
import type { Surroundings, Weakness } from './weakness.ts';

/** One place of a plan that names another: `person/jane`, or the id alone where only one kind can be meant. */
interface Mention {
  readonly path: readonly (string | number)[];
  readonly list: ListName;
  readonly id: string;
}

const nameOf = {
  people: 'person',
  teams: 'team',
  rotas: 'rota',
  areas: 'area',
  severities: 'severity',
  lines: 'line',
  escalation: 'escalation chain',
  playbooks: 'playbook',
} as const satisfies Readonly<Partial<Record<keyof Plan, string>>>;
const lists = Object.keys(nameOf) as ListName[];
type ListName = keyof typeof nameOf;

const listOf: Readonly<Record<string, ListName>> = {
  person: 'people',
  team: 'teams',
  rota: 'rotas',
  area: 'areas',
};

/** Names of people, rotas and so on that the plan does not have: who left, what was renamed, a slip of the finger. */
export function checkReferences(plan: Plan, { unreadable }: Surroundings): Weakness[] {
  const known = new Map(lists.map((list) => [list, new Set(plan[list].map((entry) => entry.id))]));
  return [...mentions(plan)].flatMap(({ path, list, id }): Weakness[] => {
    const ids = known.get(list) ?? new Set();
    if (ids.has(id) || unreadable.has(list) || unreadable.has(`${list}.${id}`)) return [];
    const near = nearestName(id, [...ids]);
    const message = `there is no ${nameOf[list]} "${id}" in the plan${near === undefined ? '' : `; nearest: ${near}`}`;
    return [{ path, rule: 'unknown-id', message, severity: 'error' }];
  });
}

/** Moves of an incident that a decision names and that are none: it would never be asked for. */
export function checkDecisions({ decisions }: Plan): Weakness[] {
  return decisions.flatMap(({ move }, index): Weakness[] => {
    if (incidentPhases.some((phase) => phase === move)) return [];
    const message = `"${move}" is no move of an incident; they are ${incidentPhases.join(', ')}`;
    return [{ path: ['decisions', index, 'move'], rule: 'unknown-move', message, severity: 'error' }];
  });
}

/** People of rotas are looked at with the rotas. */
function* mentions(plan: Plan): Generator<Mention> {
  for (const { id, lead, members } of plan.teams) {
    yield { path: ['teams', id, 'lead'], list: 'people', id: lead };
    yield* members.map(
      (member, i) => ({ path: ['teams', id, 'members', i], list: 'people', id: member }) as const,
    );
  }
  for (const { id, primary, deputies } of plan.areas) {
    yield* references(['areas', id, 'primary'], primary);
    for (const [i, deputy] of deputies.entries()) yield* references(['areas', id, 'deputies', i], deputy);
  }
  for (const chain of plan.escalation) {
    const at = ['escalation', chain.id];
    for (const [i, id] of (chain.severities ?? []).entries())
      yield { path: [...at, 'severities', i], list: 'severities', id };
    for (const [i, id] of (chain.areas ?? []).entries())
      yield { path: [...at, 'areas', i], list: 'areas', id };
    for (const [i, { notify, line }] of chain.steps.entries()) {
      for (const [j, one] of notify.entries()) yield* references([...at, 'steps', i, 'notify', j], one);
      if (line !== undefined) yield { path: [...at, 'steps', i, 'line'], list: 'lines', id: line };
    }
    if (chain.then !== undefined) yield { path: [...at, 'then'], list: 'escalation', id: chain.then };
  }
  for (const { id, severity, playbook } of plan.threats) {
    yield { path: ['threats', id, 'severity'], list: 'severities', id: severity };
    if (playbook !== undefined) yield { path: ['threats', id, 'playbook'], list: 'playbooks', id: playbook };
  }
  for (const { id, steps } of plan.playbooks)
    for (const { id: step, by } of steps)
      if (by !== undefined) yield* references(['playbooks', id, 'steps', step, 'by'], by);
  for (const [i, { by }] of plan.decisions.entries())
    for (const [j, one] of by.entries()) yield* references(['decisions', i, 'by', j], one);
}

function* references(path: Mention['path'], reference: string): Generator<Mention> {
  const [kind = '', id = ''] = reference.split('/');
  const list = listOf[kind];
  if (list !== undefined) yield { path, list, id };
}

import type { Person, Plan, Reference } from './plan.ts';
import type { Rota } from './rota.ts';
import type { Duty } from './shifts.ts';

/** Where a reference leads: a person, a rota, or nothing that the plan has. `via` is how it came there. */
export type Lead =
  | { readonly to: 'person'; readonly person: Person; readonly via: Reference }
  | { readonly to: 'rota'; readonly rota: Rota; readonly via: Reference }
  | { readonly to: 'nothing'; readonly via: Reference };

/**
 * Follows references in the order of calling: of an area its primary contact and then its deputies, of a team its lead and
 * then its members. Each is followed once, so that areas which name each other come to an end.
 */
export function follow(plan: Plan, references: readonly Reference[]): Lead[] {
  const leads: Lead[] = [];
  const seen = new Set<Reference>();
  const visit = (reference: Reference, via: Reference): void => {
    if (seen.has(reference)) return;
    seen.add(reference);
    const [kind, id] = reference.split('/');
    const one = <T extends { readonly id: string }>(list: readonly T[]): T | undefined =>
      list.find((entry) => entry.id === id);
    const person = kind === 'person' ? one(plan.people) : undefined;
    const rota = kind === 'rota' ? one(plan.rotas) : undefined;
    const team = kind === 'team' ? one(plan.teams) : undefined;
    const area = kind === 'area' ? one(plan.areas) : undefined;
    if (person !== undefined) leads.push({ to: 'person', person, via });
    else if (rota !== undefined) leads.push({ to: 'rota', rota, via: reference });
    else if (team !== undefined)
      for (const member of [team.lead, ...team.members]) visit(`person/${member}`, reference);
    else if (area !== undefined) for (const next of [area.primary, ...area.deputies]) visit(next, reference);
    else leads.push({ to: 'nothing', via: reference });
  };
  for (const reference of references) visit(reference, reference);
  return leads;
}

/** Somebody to call. */
export interface Call {
  /** Missing when a calendar names somebody whom the plan does not have. */
  readonly person?: Person;
  readonly name: string;
  /** References that lead to them. */
  readonly via: readonly Reference[];
  /** Of the first rota that they are on call in. */
  readonly duty?: Duty;
  /** IANA name of the zone whose clocks they go by, where that is known. */
  readonly timeZone?: string;
}

/** A reference that leads to nobody just now, and why. */
export interface Gap {
  readonly reference: Reference;
  readonly why: string;
  /** When somebody is on call again, in milliseconds since the epoch. */
  readonly until?: number;
}

/** Duties by the ids of rotas; a text says why a rota cannot be read. */
export type Duties = ReadonlyMap<string, Duty | string>;

/** Whom the leads mean at the moment of the duties, each person once and where they come first; and which lead to nobody. */
export function callsOf(
  plan: Plan,
  leads: readonly Lead[],
  duties: Duties,
): { readonly calls: readonly Call[]; readonly gaps: readonly Gap[] } {
  const calls = new Map<string, Call>();
  const gaps: Gap[] = [];
  const add = (id: string, via: Reference, duty: Duty | undefined): void => {
    const person = plan.people.find((one) => one.id === id);
    const before = calls.get(id);
    const timeZone = person?.timeZone ?? zoneOf(plan, id);
    calls.set(id, {
      ...(person === undefined ? {} : { person }),
      ...(duty === undefined ? {} : { duty }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...before,
      name: person?.name ?? id,
      via: [...new Set([...(before?.via ?? []), via])],
    });
  };
  for (const lead of leads) {
    if (lead.to === 'person') add(lead.person.id, lead.via, undefined);
    else if (lead.to === 'nothing') gaps.push({ reference: lead.via, why: 'the plan has no such entry' });
    else {
      const reference = `rota/${lead.rota.id}`;
      const duty = duties.get(lead.rota.id) ?? 'was not read';
      if (typeof duty === 'string') gaps.push({ reference, why: duty });
      else if (duty.person !== undefined) add(duty.person, lead.via, duty);
      else {
        const until = duty.until === undefined ? {} : { until: duty.until };
        gaps.push({ reference, why: 'nobody is on call', ...until });
      }
    }
  }
  return { calls: [...calls.values()], gaps };
}

/** The zone of the first rota that names a person. */
function zoneOf({ rotas }: Plan, id: string): string | undefined {
  return rotas.find(
    ({ layers = [], overrides = [] }) =>
      layers.some(({ people }) => people.includes(id)) || overrides.some(({ person }) => person === id),
  )?.timeZone;
}

import type { EscalationChain, EscalationCondition } from './escalation.ts';
import type { Plan, Reference } from './plan.ts';

/** What is known of an incident; what is missing is not known. */
export interface IncidentKind {
  /** Ids of the plan. */
  readonly severity?: string;
  readonly area?: string;
  readonly cause?: 'human-error' | 'malice';
  readonly highProfile: boolean;
  readonly dataInvolved: boolean;
}

/**
 * Chains that an incident is escalated by, the most specific first: every one whose conditions it meets, and one of those
 * without conditions. More conditions are more specific, then a chain for its area, then one for its severity, then the
 * order of the plan. A chain for some severities or areas is not for an incident of which that is not known.
 */
export function chainsFor({ escalation }: Plan, incident: IncidentKind): EscalationChain[] {
  const fitting = escalation
    .filter((chain) => fits(chain, incident))
    .map((chain, place) => ({ chain, place, weight: weightOf(chain) }))
    .sort((a, b) => b.weight - a.weight || a.place - b.place)
    .map(({ chain }) => chain);
  const [ordinary] = fitting.filter((chain) => conditions(chain.when) === 0);
  return fitting.filter((chain) => chain === ordinary || conditions(chain.when) > 0);
}

function fits({ severities, areas, when = {} }: EscalationChain, incident: IncidentKind): boolean {
  const { cause, highProfile, dataInvolved } = when;
  return (
    includes(severities, incident.severity) &&
    includes(areas, incident.area) &&
    (cause === undefined || cause === incident.cause) &&
    (highProfile === undefined || highProfile === incident.highProfile) &&
    (dataInvolved === undefined || dataInvolved === incident.dataInvolved)
  );
}

function includes(ids: readonly string[] | undefined, id: string | undefined): boolean {
  return ids === undefined || (id !== undefined && ids.includes(id));
}

function weightOf({ severities, areas, when }: EscalationChain): number {
  return conditions(when) * 4 + (areas === undefined ? 0 : 2) + (severities === undefined ? 0 : 1);
}

function conditions(when: EscalationCondition = {}): number {
  return Object.values(when).filter((value) => value !== undefined).length;
}

/** Whom to tell at one moment of an escalation. */
export interface EscalationRound {
  /** Counts from 1. */
  readonly number: number;
  /** Minutes after the beginning of the escalation, and minutes after which the next round is due; the last has none. */
  readonly atMinute: number;
  readonly nextAtMinute?: number;
  readonly steps: readonly RoundStep[];
}

/** One step of one chain. */
export interface RoundStep {
  /** Id of the chain. */
  readonly chain: string;
  readonly notify: readonly Reference[];
  /** Id of the line of communication. */
  readonly line?: string;
  /** Minutes that an answer is waited for. */
  readonly timeoutMinutes: number;
}

/**
 * The steps of chains on one clock, all of which begin at once; each goes on with the chain in its `then`, and ends where it
 * would come to one that it, or a chain before it, has been to.
 */
export function roundsOf(plan: Plan, chains: readonly EscalationChain[]): EscalationRound[] {
  const byMinute = new Map<number, RoundStep[]>();
  const seen = new Set(chains);
  for (const first of chains) {
    let minute = 0;
    for (let chain: EscalationChain | undefined = first; chain !== undefined;) {
      const { id, steps, then }: EscalationChain = chain;
      for (const { notify, timeoutMinutes, line } of steps) {
        const step = { chain: id, notify, timeoutMinutes, ...(line === undefined ? {} : { line }) };
        byMinute.set(minute, [...(byMinute.get(minute) ?? []), step]);
        minute += timeoutMinutes;
      }
      chain = plan.escalation.find((one) => one.id === then && !seen.has(one));
      if (chain !== undefined) seen.add(chain);
    }
  }
  const minutes = [...byMinute.keys()].sort((a, b) => a - b);
  return minutes.map((atMinute, place) => {
    const nextAtMinute = minutes[place + 1];
    return {
      number: place + 1,
      atMinute,
      ...(nextAtMinute === undefined ? {} : { nextAtMinute }),
      steps: byMinute.get(atMinute) ?? [],
    };
  });
}

/** The round that is due so many minutes after the beginning. */
export function roundAt(rounds: readonly EscalationRound[], minute: number): EscalationRound | undefined {
  return rounds.findLast(({ atMinute }) => atMinute <= minute) ?? rounds[0];
}

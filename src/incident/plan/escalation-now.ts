import { callsOf, type Duties, follow, type Lead } from './call.ts';
import { chainsFor, type EscalationRound, type IncidentKind, roundAt, roundsOf } from './chain.ts';
import { messageText } from './message.ts';
import { gapOf, type OnCall, type OnCallGap, onCallOf } from './on-call-list.ts';
import type { Line, Plan, Reference } from './plan.ts';

/** Where the escalation of an incident stands, as it is printed; times are RFC 3339 in UTC. */
export interface Escalation {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Escalation';
  readonly at: string;
  /** When it began. */
  readonly since: string;
  readonly incident: IncidentKind;
  /** Ids of the chains that apply, the most specific first. */
  readonly chains: readonly string[];
  readonly steps: readonly EscalationStage[];
  /** Number of the step that is due. */
  readonly step: number;
  /** Whom to call now. */
  readonly calls: readonly OnCall[];
  readonly gaps: readonly OnCallGap[];
  /** Where to talk. */
  readonly lines: readonly Line[];
  readonly message: string;
  /** What became of the message, when it was to be sent. */
  readonly delivery?: EscalationDelivery;
}

export interface EscalationStage {
  readonly number: number;
  readonly at: string;
  readonly state: 'past' | 'now' | 'next' | 'later';
  readonly parts: readonly {
    /** Id of the chain. */
    readonly chain: string;
    readonly notify: readonly Reference[];
    /** Names of whom that means now. */
    readonly who: readonly string[];
    /** Id of the line of communication. */
    readonly line?: string;
  }[];
}

export interface EscalationDelivery {
  readonly host: string;
  readonly status?: number;
  readonly tries?: number;
  readonly error?: string;
}

/** What is asked; moments are milliseconds since the epoch. */
export interface EscalationAsk {
  readonly incident: IncidentKind;
  readonly now: number;
  readonly since: number;
  /** The step that is due; by the time that went by when missing. */
  readonly step?: number;
  readonly caseName?: string;
}

/** The rounds of an incident and where their references lead; no rounds when no chain of the plan is for it. */
export interface EscalationCourse {
  readonly chains: readonly string[];
  readonly rounds: readonly EscalationRound[];
  readonly leads: readonly Lead[];
}

/** How the plan has an incident escalated. */
export function escalationCourse(plan: Plan, incident: IncidentKind): EscalationCourse {
  const chains = chainsFor(plan, incident);
  const rounds = roundsOf(plan, chains);
  const references = rounds.flatMap(({ steps }) => steps.flatMap(({ notify }) => notify));
  return { chains: chains.map(({ id }) => id), rounds, leads: follow(plan, references) };
}

/** Where an escalation stands. The course has a round at least, and `duties` those of all rotas that it leads to. */
export function escalationNow(
  plan: Plan,
  { chains, rounds }: EscalationCourse,
  duties: Duties,
  ask: EscalationAsk,
): Escalation {
  const { incident, now, since } = ask;
  const due =
    rounds.find(({ number }) => number === ask.step) ?? roundAt(rounds, Math.floor((now - since) / 60_000));
  if (due === undefined) throw new Error('an escalation without steps');
  const references = due.steps.flatMap(({ notify }) => notify);
  const { calls, gaps } = callsOf(plan, follow(plan, references), duties);
  const steps = rounds.map((round) => stageOf(plan, duties, round, due.number, since));
  const next = steps.find(({ state }) => state === 'next');
  const lineIds = new Set(due.steps.map(({ line }) => line));
  const lines = plan.lines.filter(({ id }) => lineIds.has(id));
  const message = messageText(
    plan,
    {
      incident,
      since: utc(since),
      step: due.number,
      who: calls.map(({ name }) => name),
      lines,
      ...(next === undefined
        ? {}
        : { next: { at: next.at, who: [...new Set(next.parts.flatMap(({ who }) => who))] } }),
      ...(ask.caseName === undefined ? {} : { caseName: ask.caseName }),
    },
    plan.webhook?.template,
  );
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Escalation',
    at: utc(now),
    since: utc(since),
    incident,
    chains,
    steps,
    step: due.number,
    calls: calls.map((call, place) => onCallOf(plan, call, place + 1, now)),
    gaps: gaps.map(gapOf),
    lines,
    message,
  };
}

function stageOf(
  plan: Plan,
  duties: Duties,
  { number, atMinute, steps }: EscalationRound,
  due: number,
  since: number,
): EscalationStage {
  const state = number < due ? 'past' : number === due ? 'now' : number === due + 1 ? 'next' : 'later';
  const parts = steps.map(({ chain, notify, line }) => ({
    chain,
    notify,
    who: callsOf(plan, follow(plan, notify), duties).calls.map(({ name }) => name),
    ...(line === undefined ? {} : { line }),
  }));
  return { number, at: utc(since + atMinute * 60_000), state, parts };
}

function utc(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

import { type Call, callsOf, type Duties, type Gap, type Lead } from './call.ts';
import { localAt } from './local-time.ts';
import type { Plan, Reference, Way } from './plan.ts';

/** Whom to call at a moment, in order, as it is printed; times are RFC 3339 in UTC. */
export interface OnCallList {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'OnCallList';
  readonly at: string;
  readonly area?: string;
  readonly severity?: string;
  /** Ids of the escalation chains that named them. */
  readonly chains: readonly string[];
  readonly calls: readonly OnCall[];
  /** References that lead to nobody just now. */
  readonly gaps: readonly OnCallGap[];
}

export interface OnCall {
  /** Counts from 1. */
  readonly order: number;
  /** Missing when a calendar names somebody whom the plan does not have. */
  readonly id?: string;
  readonly name: string;
  readonly reach: readonly Way[];
  /** References that lead to them. */
  readonly via: readonly Reference[];
  readonly timeZone?: string;
  /** Their own clock, such as `Wed 04:15`; missing when their zone is not known. */
  readonly localTime?: string;
  /** Missing when they are called without being on call, or when nobody follows them in sight. */
  readonly until?: string;
  readonly next?: { readonly name: string; readonly from: string };
}

export interface OnCallGap {
  readonly reference: Reference;
  readonly why: string;
  /** When somebody is on call again. */
  readonly until?: string;
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The list of the people that leads mean at a moment (milliseconds since the epoch). */
export function onCallList(
  plan: Plan,
  leads: readonly Lead[],
  duties: Duties,
  moment: number,
  asked: Pick<OnCallList, 'area' | 'severity' | 'chains'>,
): OnCallList {
  const { calls, gaps } = callsOf(plan, leads, duties);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'OnCallList',
    at: utc(moment),
    ...asked,
    calls: calls.map((call, place) => onCallOf(plan, call, place + 1, moment)),
    gaps: gaps.map(gapOf),
  };
}

/** A call as it is printed. */
export function onCallOf(
  plan: Plan,
  { person, name, via, duty, timeZone }: Call,
  order: number,
  moment: number,
): OnCall {
  const next = duty?.next;
  const nextName = plan.people.find(({ id }) => id === next?.person)?.name ?? next?.person ?? '';
  return {
    order,
    ...(person === undefined ? {} : { id: person.id }),
    name,
    reach: person?.reach ?? [],
    via,
    ...(timeZone === undefined ? {} : { timeZone, localTime: clockText(timeZone, moment) }),
    ...(duty?.until === undefined ? {} : { until: utc(duty.until) }),
    ...(next === undefined ? {} : { next: { name: nextName, from: utc(next.from) } }),
  };
}

/** A gap as it is printed. */
export function gapOf({ reference, why, until }: Gap): OnCallGap {
  return { reference, why, ...(until === undefined ? {} : { until: utc(until) }) };
}

function clockText(zone: string, moment: number): string {
  const local = localAt(zone, moment);
  return `${dayNames[local.dayOfWeek - 1] ?? ''} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

function utc(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

import type { EscalationChain } from './escalation.ts';
import type { Playbook } from './playbook.ts';
import type { Rota } from './rota.ts';

/** Phases of the strategy, in their order. */
export const strategyPhases = ['identification', 'coordination', 'resolution', 'improvement'] as const;
export type StrategyPhase = (typeof strategyPhases)[number];

/**
 * Somebody or a group as a plan names it in a list of whom to call: `person/ID`, `team/ID` (its lead, then its members),
 * `rota/ID` (who is on call then) or `area/ID` (its primary contact, then its deputies).
 */
export type Reference = string;

/** `ir-plan.yaml`: how an organisation prepares for incidents. Ids are letters, digits and dashes; one kind, one id, one thing. */
export interface Plan {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Plan';
  readonly organisation: string;
  /**
   * When somebody last read it through, `2026-11-01`, and after how many days that is too long ago. A plan must have it;
   * one that has it wrong can still be used without.
   */
  readonly review?: { readonly last: string; readonly everyDays: number };
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
  readonly areas: readonly Area[];
  readonly rotas: readonly Rota[];
  readonly severities: readonly SeverityLevel[];
  readonly lines: readonly Line[];
  readonly escalation: readonly EscalationChain[];
  readonly threats: readonly Threat[];
  readonly playbooks: readonly Playbook[];
  /** Who decides on a move of an incident and what must be so before; a move that is not here is anyone's. */
  readonly decisions: readonly Decision[];
  /** Where `plan escalate --send` posts its message. */
  readonly webhook?: Webhook;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly timeZone?: string;
  /** Ways to reach them, best first; two at least, since one fails on the night. */
  readonly reach: readonly Way[];
}

/** One way to reach a person: `phone +43 1 234`, `chat @jane`. */
export interface Way {
  readonly by: 'phone' | 'sms' | 'chat' | 'email' | 'pager' | 'radio' | 'other';
  readonly at: string;
}

/** The roles of the strategy; a team may have one of them or a name of its own. */
export const teamRoles = [
  'devops',
  'software-development',
  'core-infrastructure',
  'security',
  'customer-support',
  'communications',
  'legal',
  'compliance',
  'human-resources',
  'management',
] as const;

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly role?: (typeof teamRoles)[number];
  /** Ids of people. */
  readonly lead: string;
  readonly members: readonly string[];
}

/** A field of expertise and whom to call about it: storage, network, an application, the provider's security desk. */
export interface Area {
  readonly id: string;
  readonly name: string;
  /** A rota where somebody is on call for it. */
  readonly primary: Reference;
  /** In the order of calling. */
  readonly deputies: readonly Reference[];
  /** Namespaces and labels of the cluster that belong to it. */
  readonly namespaces?: readonly string[];
  readonly selector?: string;
}

export interface SeverityLevel {
  readonly id: string;
  readonly what: string;
  readonly respondWithinMinutes: number;
  readonly updateEveryMinutes?: number;
}

/** A line of communication. */
export interface Line {
  readonly id: string;
  readonly use: 'primary' | 'out-of-band';
  readonly at: string;
  /** True when it fails with the cluster that is under attack. */
  readonly dependsOnCluster: boolean;
}

export interface Threat {
  readonly id: string;
  readonly cause: 'human-error' | 'malice';
  readonly what: string;
  /** How it would show. */
  readonly signs: readonly string[];
  readonly assets: readonly string[];
  readonly likelihood: 'low' | 'medium' | 'high';
  readonly impact: 'low' | 'medium' | 'high';
  /** Id of a severity. */
  readonly severity: string;
  /** What would see it: an alert, a log, a rule of `kubectl ir findings`. */
  readonly detection: readonly string[];
  /** Id of a playbook. */
  readonly playbook?: string;
}

export interface Decision {
  /** Such as `contain` or `close`. */
  readonly move: string;
  readonly by: readonly Reference[];
  /** What must be so before, in words that a person confirms. */
  readonly before: readonly string[];
}

export interface Webhook {
  readonly url: string;
  /** Text of the message; `{{severity}}` and the like are filled in. */
  readonly template?: string;
}

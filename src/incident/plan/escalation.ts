/** Whom to call one after the other when nobody answers or an incident grows. */
export interface EscalationChain {
  readonly id: string;
  /** Ids of severities and areas that it is for; all of them when missing. */
  readonly severities?: readonly string[];
  readonly areas?: readonly string[];
  readonly when?: EscalationCondition;
  readonly steps: readonly EscalationStep[];
  /** Id of the chain that goes on where this one ends. */
  readonly then?: string;
}

/** All members that are there must be so. */
export interface EscalationCondition {
  readonly cause?: 'human-error' | 'malice';
  readonly highProfile?: boolean;
  /** Data of customers or persons is involved. */
  readonly dataInvolved?: boolean;
}

export interface EscalationStep {
  /** References such as `rota/infra` or `person/jane`; all of them are told at once. */
  readonly notify: readonly string[];
  /** Minutes without an answer after which the next step follows. */
  readonly timeoutMinutes: number;
  /** Id of the line of communication. */
  readonly line?: string;
}

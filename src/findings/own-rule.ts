import type { Kind } from '../artifacts/kind.ts';
import type { Condition } from './condition.ts';
import type { Confidence, Severity } from './finding.ts';

/** A rule of the user: which records of a case it finds, and what to say of them. Schema: schema/rule.json. */
export interface OwnRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly explanation: string;
  readonly refutedBy: string;
  readonly attack: readonly string[];
  readonly threatMatrix: readonly string[];
  readonly next: readonly string[];
  /** The records that it reads, as `show` names them. */
  readonly of: Kind;
  readonly where: Condition;
  /** Where it was read. */
  readonly file: string;
  readonly line: number;
}

/** A rule, or a file of rules, that can't be used, and where in it the reason stands. */
export interface BadRule {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

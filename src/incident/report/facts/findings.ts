import type { Excerpt } from '../excerpt.ts';

export interface FindingFacts {
  readonly rule: string;
  readonly title: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
  readonly confidence: string;
  readonly attack: readonly string[];
  readonly threatMatrix: readonly string[];
  readonly subject: {
    readonly node: string;
    readonly namespace?: string;
    readonly pod?: string;
    readonly container?: string;
    readonly pid?: number;
    readonly startTicks?: number;
    readonly started?: string;
    readonly path?: string;
  };
  readonly seen: string;
  readonly evidence: readonly {
    readonly acquisition: string;
    readonly item: number;
    readonly name: string;
    readonly excerpt: string;
  }[];
  readonly explanation: string;
  readonly refutedBy: string;
  readonly next: readonly string[];
}

/** What rules found; `failed` is why they could not be held against the case at all. */
export interface FindingsPart {
  readonly failed?: string;
  readonly found: Excerpt<FindingFacts>;
  readonly counts: Readonly<Record<FindingFacts['severity'], number>>;
  /** Findings by their rule, gravest first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly title: string;
    readonly severity: FindingFacts['severity'];
    readonly count: number;
  }[];
  /** Findings by the technique of MITRE ATT&CK. */
  readonly techniques: readonly {
    readonly id: string;
    readonly count: number;
    readonly severity: FindingFacts['severity'];
  }[];
  readonly notJudged: Excerpt<{
    readonly rule: string;
    readonly node: string;
    readonly reason: string;
    readonly next: string;
  }>;
  readonly incomplete: Excerpt<{ readonly rule: string; readonly node: string; readonly reason: string }>;
  readonly judged: number;
  readonly malformed: number;
}

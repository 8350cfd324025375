import type { Excerpt } from './excerpt.ts';
import type { CaseFacts } from './facts/case.ts';
import type { ContainerFacts } from './facts/changes.ts';
import type { CourseFacts } from './facts/course.ts';
import type { CustodyFacts } from './facts/custody.ts';
import type { FindingsPart } from './facts/findings.ts';
import type { Identity } from './facts/identity.ts';
import type { Contained, IsolationFacts } from './facts/isolation.ts';
import type { NodeFacts } from './facts/nodes.ts';
import type { OriginPart } from './facts/origin.ts';
import type { TimelinePart } from './facts/timeline.ts';
import type { Workload } from './facts/workloads.ts';

/** What a manager has to know, one sentence each. */
export interface Summary {
  readonly verdict: Contained;
  readonly contained: string;
  readonly happened: readonly string[];
  readonly since: string;
  readonly unknown: readonly string[];
}

/** Something that happened over a while: an acquisition, an isolation, a phase; for the lanes. */
export interface Span {
  readonly lane: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Everything that a report says, as plain values; schema/report.json. */
export interface Report {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Report';
  readonly program: string;
  readonly redacted: boolean;
  readonly case: CaseFacts;
  readonly summary: Summary;
  readonly course: CourseFacts;
  readonly isolations: readonly IsolationFacts[];
  readonly findings: FindingsPart;
  readonly workloads: readonly Workload[];
  readonly containers: readonly ContainerFacts[];
  readonly nodes: readonly NodeFacts[];
  readonly identities: readonly Identity[];
  readonly timeline: TimelinePart;
  readonly spans: readonly Span[];
  readonly origin?: OriginPart;
  readonly custody: Excerpt<CustodyFacts>;
  readonly broken?: string;
  /** What was not collected, not whole or can't be read, a sentence each. */
  readonly gaps: Excerpt<string>;
}

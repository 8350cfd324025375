import type { Course, Entry, IncidentFacts, PhaseMove, StepRecord, Task } from '../course.ts';

/** The first ones of something, how many there are, and the command that shows all of them. */
export interface Excerpt<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly command: string;
}

/** `RELEASED`: it was isolated and is not any more; `NOT ISOLATED`: the case tells of no isolation. */
export type Contained = 'HOLDS' | 'LEAKS' | 'UNVERIFIED' | 'RELEASED' | 'NOT ISOLATED';

/** What a manager has to know, one sentence each. */
export interface Summary {
  readonly verdict: Contained;
  readonly contained: string;
  readonly happened: readonly string[];
  readonly since: string;
  readonly unknown: readonly string[];
}

export interface AcquisitionFacts {
  readonly name: string;
  readonly collection: string;
  readonly target: string;
  readonly outcome: string;
  readonly started: string;
  readonly finished?: string;
  readonly items: number;
  readonly bytes: number;
  readonly sensitive: number;
  readonly gaps: number;
  /** Node minus responder, and half of the round trip over which it was measured. */
  readonly clock?: { readonly skewMs: number; readonly exactToMs: number };
}

/** Which case it is and in which state: the report of the same state is the same, byte for byte. */
export interface CaseFacts {
  readonly name: string;
  readonly number?: string;
  readonly evidenceNumbers?: readonly string[];
  readonly examiner?: string;
  readonly organisation?: string;
  readonly created: string;
  readonly target: string;
  readonly state: 'open' | 'sealed' | 'closed';
  /** The last line of custody, in which file it is; `sha256` is of that line. */
  readonly head: {
    readonly line: number;
    readonly time: string;
    readonly sha256: string;
    readonly file: string;
  };
  readonly signatures: readonly { readonly keyType: string; readonly fingerprint: string }[];
  readonly acquisitions: Excerpt<AcquisitionFacts>;
}

/** The course of the incident as custody tells it; times in seconds. */
export interface CourseFacts {
  readonly facts: IncidentFacts;
  readonly moves: Excerpt<PhaseMove>;
  readonly tasks: Excerpt<Task>;
  readonly openTasks: number;
  readonly entries: Excerpt<Entry>;
  readonly steps: Excerpt<StepRecord>;
  readonly moments: Course['moments'];
  readonly times: Course['times'];
}

export interface CheckFacts {
  readonly flow: string;
  readonly direction?: string;
  readonly before: string;
  readonly after: string;
  readonly judged: boolean;
  readonly bytes?: number;
  /** Kept open on purpose: the kubelet's way to a probe. */
  readonly probe?: boolean;
}

/** The last isolation of a pod. */
export interface IsolationFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly verdict: 'HOLDS' | 'LEAKS' | 'UNVERIFIED';
  /** RFC 3339: when the command began to act, and when the verdict was reached; the custody line of the verdict. */
  readonly planned?: string;
  readonly time: string;
  readonly line: number;
  readonly level: string;
  readonly actions: readonly {
    readonly kind: string;
    readonly outcome: string;
    readonly detail: string;
    readonly seconds?: number;
  }[];
  /** Seconds from the command. */
  readonly cut?: number;
  readonly verdictAfter?: number;
  readonly watched?: number;
  readonly checks: Excerpt<CheckFacts>;
  readonly blocked: number;
  readonly judged: number;
  readonly reasons: readonly string[];
  readonly notTried: readonly string[];
  readonly leaks: readonly {
    readonly flow: string;
    readonly seen: string;
    readonly why: string;
    readonly advice: string;
  }[];
  readonly released?: { readonly time: string; readonly result: string };
}

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

export interface ImageFacts {
  readonly image: string;
  readonly imageID?: string;
  /** Labels of the image (OCI image-spec, annotations): where its source is. */
  readonly source?: string;
  readonly revision?: string;
}

export interface WorkloadContainer extends ImageFacts {
  readonly name: string;
  /** Of the instance that ran when it was looked at, without the runtime's prefix. */
  readonly id?: string;
}

/** One pod that the case is about. */
export interface Workload {
  readonly namespace: string;
  readonly pod: string;
  readonly node?: string;
  readonly owner?: string;
  readonly account?: string;
  readonly services: readonly string[];
  readonly labels: readonly string[];
  /** Who it talked to when it was isolated: `tcp 192.0.2.1:443`. */
  readonly peers: readonly string[];
  readonly containers: readonly WorkloadContainer[];
  readonly verdict: Contained;
  readonly findings: number;
}

export interface ChangeFacts {
  readonly path: string;
  readonly change: string;
  readonly type: string;
  readonly size?: number;
  readonly time?: string;
  readonly sha256?: string;
  readonly flags: readonly string[];
}

/** What a container changed against its image, as the last comparison in the case has it. */
export interface ContainerFacts extends ImageFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Without the runtime's prefix. */
  readonly id?: string;
  readonly acquisition: string;
  readonly blind: readonly string[];
  readonly complete: boolean;
  readonly changes: Excerpt<ChangeFacts>;
  /** Entries that the runtime made; not among the changes. */
  readonly byRuntime: number;
  readonly processes: readonly {
    readonly pid: number;
    readonly name: string;
    readonly executable: string;
    readonly reason: string;
    readonly started?: string;
  }[];
}

/** A setting that would have made it harder, and where it is. */
export interface Hardening {
  readonly where: string;
  readonly setting: string;
  readonly why: string;
  readonly instead: string;
}

export interface NodeFacts {
  readonly name: string;
  readonly system?: string;
  readonly kernel?: string;
  readonly runtime?: string;
  readonly kubelet?: string;
  readonly findings: number;
  /** Titles of the findings that say that somebody may own the node. */
  readonly breakout: readonly string[];
  readonly hardening: readonly Hardening[];
}

/** What an account of a workload may do, where a snapshot of its pod is in the case. */
export interface Identity {
  readonly account: string;
  readonly pod: string;
  readonly bindings: readonly { readonly binding: string; readonly role: string }[];
  readonly rules: Excerpt<string>;
}

export interface Moment {
  readonly time: string;
  readonly source: string;
  readonly where: string;
  readonly message: string;
}

export interface TimelinePart {
  readonly failed?: string;
  /** What is about the workloads, in order. */
  readonly moments: Excerpt<Moment>;
  /** Events of the whole case from `from` on, counted in columns of `seconds` each, by their source. */
  readonly from?: string;
  readonly seconds: number;
  readonly columns: number;
  readonly counts: readonly { readonly source: string; readonly counts: readonly number[] }[];
  readonly clocks: readonly { readonly node: string; readonly sentence: string }[];
}

/** A configuration change that may have brought it about. */
export interface Cause {
  readonly time: string;
  /** It is known to have happened by then, not when. */
  readonly atLatest: boolean;
  readonly object: string;
  readonly action: string;
  readonly what: string;
  /** Why it stands where it does: how near it is, how long before. */
  readonly reason: string;
  /** Who the API server knew him by, where an audit log is in the case; what the client called itself. */
  readonly who?: string;
  readonly claims?: string;
}

/** Changes before the case was opened, the nearest first. */
export interface OriginPart {
  readonly since: string;
  readonly causes: Excerpt<Cause>;
  readonly notSeen: readonly string[];
}

export interface CustodyFacts {
  readonly line: number;
  readonly time: string;
  readonly by: string;
  readonly action: string;
  readonly object: string;
  readonly result: string;
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

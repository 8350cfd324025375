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

import type { Excerpt } from '../excerpt.ts';

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

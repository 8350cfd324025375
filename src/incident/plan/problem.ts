/** Something in a plan that is wrong or will hurt. */
export interface PlanProblem {
  /** Line in the file, from 1. */
  readonly line: number;
  /** Column in characters, from 1; missing where only the line is known. */
  readonly column?: number;
  /** What kind of problem it is, such as `unknown-key`; stays the same when messages are worded better. */
  readonly rule: string;
  /** One line that names the entry and says what to do; may hold characters of the file that steer a terminal. */
  readonly message: string;
  /** An error makes a part of the plan unusable; a warning hurts later. */
  readonly severity: 'error' | 'warning';
}

/** Where something stands in a text; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

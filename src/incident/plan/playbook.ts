/** Ordered steps for one kind of incident. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly PlaybookStep[];
}

/** One step; exactly one of `text`, `check` and `run`. */
export interface PlaybookStep {
  readonly id: string;
  readonly phase: 'identification' | 'coordination' | 'resolution' | 'improvement';
  /** Something that a person does. */
  readonly text?: string;
  /** A question that a person answers with yes before the next step. */
  readonly check?: string;
  /** A command line after `kubectl ir`, with `{{pod}}`, `{{namespace}}`, `{{node}}`, `{{case}}` to be filled in. */
  readonly run?: string;
  /** Who does it, as a reference; whoever runs the playbook when missing. */
  readonly by?: string;
}

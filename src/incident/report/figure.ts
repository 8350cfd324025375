import type { Tone } from './tone.ts';

/** What a picture shows, in words, for who can't see it and for Markdown. */
interface Described {
  readonly title: string;
  readonly description: string;
}

/** Events by source over time: a strip for each source, a column for each stretch of time. */
export interface StripFigure extends Described {
  readonly kind: 'strips';
  readonly from: string;
  readonly seconds: number;
  readonly columns: number;
  readonly strips: readonly { readonly name: string; readonly counts: readonly number[] }[];
  readonly marks: readonly { readonly time: string; readonly text: string }[];
}

/** What went on beside what: a lane for each. */
export interface LaneFigure extends Described {
  readonly kind: 'lanes';
  readonly lanes: readonly {
    readonly name: string;
    readonly spans: readonly { readonly from: string; readonly to: string; readonly text: string }[];
  }[];
}

export interface RelationNode {
  readonly id: string;
  /** Its column from the left, 0 to 2. */
  readonly column: number;
  readonly kind: string;
  readonly name: string;
  readonly tone: Tone;
}

/** Who belongs to whom, from left to right. */
export interface RelationFigure extends Described {
  readonly kind: 'relations';
  readonly nodes: readonly RelationNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly text: string }[];
}

/** Techniques by tactic. */
export interface MatrixFigure extends Described {
  readonly kind: 'matrix';
  readonly rows: readonly {
    readonly tactic: string;
    readonly cells: readonly {
      readonly id: string;
      readonly name: string;
      readonly count: number;
      readonly tone: Tone;
    }[];
  }[];
}

export type Figure = StripFigure | LaneFigure | RelationFigure | MatrixFigure;

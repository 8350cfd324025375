/** One source file of the project as the rules see it. */
export interface SourceFile {
  /** Path from the top of the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A place where a house rule is broken. */
export interface Finding {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

/** `path:line: rule: text`, as editors understand it. */
export function findingLine(finding: Finding): string {
  return `${finding.path}:${finding.line}: ${finding.rule}: ${finding.text}`;
}

/** Number of the line that holds the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

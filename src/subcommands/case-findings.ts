import { judge } from '../findings/judge.ts';
import type { Rule } from '../findings/rule.ts';
import { readTraces } from './case-traces.ts';
import type { Told } from './findings-output.ts';

/**
 * Judges rules on all nodes of a case; `word` is the case as it stands in commands. Throws OperationError when there is no
 * case.
 */
export async function judgeCase(
  dir: string,
  rules: readonly Rule[],
  word: string,
  signal: AbortSignal,
): Promise<Told> {
  const books = await readTraces(dir, signal);
  const judgement = judge(
    rules,
    books.map((book) => book.docket()),
    word,
  );
  return {
    ...judgement,
    rules: rules.length,
    nodes: books.map(({ node }) => node),
    malformed: books.reduce((sum, { malformed }) => sum + malformed, 0),
  };
}

import { join } from 'node:path';
import { root } from '../../scripts/job.ts';
import { imageOf } from '../support/offer.ts';
import { stepSeconds } from '../support/step-seconds.ts';
import { lineCounter, runProgram } from './program.ts';

/** One diff, in seconds without the collector's start, and the most memory it took. */
export interface Timed {
  /** From the command to the last byte of its table. */
  readonly table: number;
  /** From the command to its end, the removal of the collector included. */
  readonly whole: number;
  /** The comparison alone, from asking the node to the evidence on disk. */
  readonly step: number;
  readonly peakKiB: number;
}

/** Compares a pod, and throws when its table has not so many changes. The files are not put into the evidence. */
export async function kubectlDiff(
  namespace: string,
  name: string,
  changes: number,
  caseDir: string,
): Promise<Timed> {
  const table = lineCounter();
  const words = ['diff', 'pod', name, '-n', namespace, '--collector-image', imageOf('collector-full')];
  const program = join(root, 'dist/kubectl-ir');
  const ran = await runProgram([program, ...words, '--case', caseDir], table.see);
  // Headers and the line that counts stand around them, and directories were made too.
  if (ran.code !== 1 || table.lines() < changes)
    throw new Error(`diff showed ${table.lines()} lines, exit code ${ran.code ?? '-'}: ${ran.stderr}`);
  const start = stepSeconds(ran.stderr, 'collector');
  return {
    table: ran.outputSeconds - start,
    whole: ran.seconds - start,
    step: stepSeconds(ran.stderr, 'diff'),
    peakKiB: ran.peakKiB,
  };
}

import { join } from 'node:path';
import { root } from '../../scripts/job.ts';
import { imageOf } from '../support/offer.ts';
import { lineCounter, runProgram } from './program.ts';

/** One diff: seconds from the command to the end of its table without the collector's start, and the most memory it took. */
export interface Timed {
  readonly seconds: number;
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
  const start = Number(/^ +done +collector +([0-9.]+)s/m.exec(ran.stderr)?.[1]);
  if (Number.isNaN(start)) throw new Error(`diff said nothing of its collector: ${ran.stderr}`);
  return { seconds: ran.seconds - start, peakKiB: ran.peakKiB };
}

import { appendFile } from 'node:fs/promises';
import { processIo } from '../../src/output/io.ts';

/** Names a file that takes the rows; tests that measure something write none without it. */
export const figuresVariable = 'KUBECTL_IR_FIGURES';

/** One row of the table in docs/measurements.md. */
export function figureRow(figure: string, measured: string, beside = ''): string {
  return `| ${figure} | ${measured} | ${beside} |`.replace('|  |', '| |');
}

/** Keeps a figure for the table at the end of the run. */
export async function measured(figure: string, value: string, beside = ''): Promise<void> {
  const file = processIo().env[figuresVariable] ?? '';
  if (file !== '') await appendFile(file, `${figureRow(figure, value, beside)}\n`);
}
